import pytest

from booru.models import BulkUpdateRequest, ForumPostVote, Level
from tests.support.factories import TagFactory, UserFactory
from tests.support.tag_factories import make_request


@pytest.fixture
def bur(db):
    return make_request("create alias aaa -> bbb")


def vote(client, bur, score, **fields):
    data = {"forum_post_vote[score]": score, **fields}
    return client.post(f"/forum_post_votes?forum_post_id={bur.forum_post_id}", data)


def test_a_member_votes_and_comes_back(browser, bur, member):
    client = browser(member)
    page = client.get(f"/forum_topics/{bur.forum_topic_id}").content.decode()
    assert page.count('name="forum_post_vote[score]"') == 3
    response = vote(client, bur, "-1", url=f"/bulk_update_requests/{bur.pk}")
    assert response["Location"] == f"/bulk_update_requests/{bur.pk}"
    assert ForumPostVote.objects.get().score == -1
    for path in (f"/forum_topics/{bur.forum_topic_id}", f"/bulk_update_requests/{bur.pk}"):
        page = client.get(path).content.decode()
        assert page.count("your vote; take it back") == 1
        assert 'name="forum_post_vote[score]"' not in page
    assert "+0 / -1" in page


def test_without_an_address_one_comes_to_the_post(browser, bur, member):
    response = vote(browser(member), bur, "1")
    assert response["Location"] == f"/forum_posts/{bur.forum_post_id}"
    assert vote(browser(UserFactory()), bur, "1", url="https://example.com/").status_code == 403


def test_the_requester_may_vote(browser, bur):
    assert vote(browser(bur.user), bur, "1").status_code == 302
    assert ForumPostVote.objects.get().creator == bur.user


def test_a_second_vote_is_refused(browser, bur, member):
    client = browser(member)
    vote(client, bur, "1")
    page = client.post(
        f"/forum_post_votes?forum_post_id={bur.forum_post_id}",
        {"forum_post_vote[score]": "-1", "url": f"/bulk_update_requests/{bur.pk}"},
        follow=True,
    )
    assert "Your vote has already been taken" in page.content.decode()
    body = {"forum_post_id": bur.forum_post_id, "forum_post_vote": {"score": 0}}
    response = client.post("/forum_post_votes.json", body, "application/json")
    assert response.status_code == 422
    assert response.json() == {"errors": {"creator": ["has already been taken"]}}
    assert ForumPostVote.objects.get().score == 1


@pytest.mark.parametrize("score", ["", "2", "x", "1.0", "99999999999999999999", "\u0661", "\0"])
def test_a_vote_of_another_kind_is_refused(browser, bur, member, score):
    assert vote(browser(member), bur, score).status_code in {302, 400}
    assert not ForumPostVote.objects.exists()


def test_programs_get_the_vote(browser, bur, member):
    body = {"forum_post_vote": {"score": 0, "forum_post_id": bur.forum_post_id}}
    response = browser(member).post("/forum_post_votes.json", body, "application/json")
    assert response.status_code == 201
    record = response.json()
    assert (record["score"], record["creator_id"], record["forum_post_id"]) == (
        0,
        member.pk,
        bur.forum_post_id,
    )
    assert browser().get(f"/forum_post_votes/{record['id']}.json").json() == record


def test_one_takes_ones_vote_back(browser, bur, member, admin):
    mine = ForumPostVote.objects.cast(bur.forum_post, member, 1)
    assert browser(admin).delete(f"/forum_post_votes/{mine.pk}.json").status_code == 403
    assert browser(member).delete(f"/forum_post_votes/{mine.pk}.json").status_code == 204
    assert not ForumPostVote.objects.exists()


def test_votes_end_with_the_request(browser, bur, member, admin):
    mine = ForumPostVote.objects.cast(bur.forum_post, member, 1)
    bur.reject(admin)
    assert vote(browser(admin), bur, "1").status_code == 403
    assert browser(member).delete(f"/forum_post_votes/{mine.pk}.json").status_code == 403
    page = browser(member).get(f"/bulk_update_requests/{bur.pk}").content.decode()
    assert "take it back" not in page
    assert member.name in page


def test_other_posts_are_not_voted_on(browser, bur, member):
    reply = bur.forum_topic.posts.create(creator=member, updater=member, body="No request.")
    response = browser(member).post(f"/forum_post_votes?forum_post_id={reply.pk}", {"score": "1"})
    assert response.status_code == 403
    assert browser(member).post("/forum_post_votes", {"score": "1"}).status_code == 404


def test_the_list_of_votes(browser, bur, member, admin):
    up = ForumPostVote.objects.cast(bur.forum_post, member, 1)
    down = ForumPostVote.objects.cast(bur.forum_post, admin, -1)

    def ids(**params):
        query = {f"search[{name}]": value for name, value in params.items()}
        return [record["id"] for record in browser().get("/forum_post_votes.json", query).json()]

    assert ids() == ids(forum_post_id=bur.forum_post_id) == [down.pk, up.pk]
    assert ids(score="<0") == ids(creator_name=admin.name) == [down.pk]
    page = browser().get("/forum_post_votes").content.decode()
    assert f"forum #{bur.forum_post_id}" in page
    assert "-1" in page


def test_votes_on_hidden_posts_are_for_moderators(browser, bur, member, admin):
    ForumPostVote.objects.cast(bur.forum_post, member, 1)
    bur.forum_topic.hide(admin)
    assert browser(member).get("/forum_post_votes.json").json() == []
    assert len(browser(admin).get("/forum_post_votes.json").json()) == 1
    assert "voters" not in browser(member).get(f"/bulk_update_requests/{bur.pk}").content.decode()
    assert vote(browser(UserFactory()), bur, "1").status_code == 403


def test_requests_are_found_and_ordered_by_their_score(browser, bur):
    second, third = make_request("create alias ccc -> ddd"), make_request("create alias eee -> fff")
    for score, request in ((1, bur), (1, bur), (-1, second)):
        ForumPostVote.objects.cast(request.forum_post, UserFactory(), score)

    def ids(**params):
        query = {f"search[{name}]": value for name, value in params.items()}
        return [record["id"] for record in browser().get("/bulk_update_requests.json", query).json()]

    assert ids(score="2") == [bur.pk]
    assert ids(score="-1") == ids(score="<0") == [second.pk]
    assert ids(score="0") == [third.pk]
    assert ids(score_gteq="0") == [third.pk, bur.pk]
    assert ids(score="x") == []
    assert ids(order="score_asc") == [second.pk, third.pk, bur.pk]
    assert ids(order="score") == ids(order="score_desc") == [bur.pk, third.pk, second.pk]
    assert ids(order="custom", id=f"{third.pk},{bur.pk}") == [third.pk, bur.pk]
    assert ids(order="status_desc") == [third.pk, second.pk, bur.pk]
    page = browser().get("/bulk_update_requests").content.decode()
    assert "+2 / -0" in page
    assert "+0 / -1" in page
    assert "status_desc" not in page


@pytest.mark.parametrize(("votes", "may"), [(4, True), (5, False)])
def test_with_five_votes_the_requester_may_still_reject_but_not_edit(browser, bur, votes, may):
    for _ in range(votes):
        ForumPostVote.objects.cast(bur.forum_post, UserFactory(), 0)
    client = browser(bur.user)
    fields = {"_method": "put", "bulk_update_request[script]": "create alias x1 -> x2"}
    response = client.post(f"/bulk_update_requests/{bur.pk}", fields)
    assert response.status_code == (302 if may else 403)
    assert client.get(f"/bulk_update_requests/{bur.pk}/edit").status_code == (200 if may else 403)
    assert BulkUpdateRequest.objects.get().script == (
        "create alias x1 -> x2" if may else "create alias aaa -> bbb"
    )
    assert client.delete(f"/bulk_update_requests/{bur.pk}.json").status_code == 204


def test_a_topic_that_cannot_be_seen_takes_no_request(browser, member, bur):
    bur.forum_topic.edit(UserFactory(level=Level.MODERATOR), min_level=Level.BUILDER)
    fields = {
        "title": "xxx",
        "reason": "y",
        "script": "create alias ccc -> ddd",
        "forum_topic_id": bur.forum_topic_id,
    }
    data = {f"bulk_update_request[{name}]": value for name, value in fields.items()}
    assert browser(member).post("/bulk_update_requests", data).status_code == 403


def test_the_list_of_requests_takes_few_queries(browser, db, django_assert_max_num_queries):
    TagFactory(name="bbb", category=4)
    requests = [make_request(f"create alias aaa{number} -> bbb") for number in range(8)]
    for request in requests:
        ForumPostVote.objects.cast(request.forum_post, UserFactory(), 1)
    with django_assert_max_num_queries(6):
        page = browser().get("/bulk_update_requests").content.decode()
    assert page.count("+1 / -0") == 8
    assert "tag-character" in page
