import pytest

from booru.models import ForumPost, ForumTopic, Level
from tests.support.factories import UserFactory


@pytest.fixture
def moderator(db):
    return UserFactory(level=Level.MODERATOR)


@pytest.fixture
def topic(member):
    topic = ForumTopic.objects.start(member, "Apples", "Red or green?")
    ForumPost.objects.create_reply(topic, member, "I like [i]red[/i] ones.")
    return topic


def ids(client, **params):
    query = {f"search[{name}]": value for name, value in params.items()}
    return [record["id"] for record in client.get("/forum_posts.json", query).json()]


def test_posts_are_listed_and_searched(browser, topic, member, moderator):
    first, last = topic.posts.all()
    client = browser()
    assert ids(client) == [last.pk, first.pk]
    assert ids(client, body_matches="likes") == [last.pk]
    assert ids(client, creator_name=member.name, topic_id=topic.pk, order="id_asc") == [first.pk, last.pk]
    assert ids(client, **{"topic][title_matches": "apple"}) == [last.pk, first.pk]
    assert "<em>red</em>" in client.get("/forum_posts").content.decode()
    last.hide(moderator)
    assert ids(client) == [first.pk]
    assert ids(browser(moderator), is_deleted="yes") == [last.pk]


def test_a_post_for_programs(browser, topic):
    post = topic.posts.first()
    record = browser().get(f"/forum_posts/{post.pk}.json").json()
    assert record["body"] == "Red or green?"
    assert set(record) == {
        *("id", "created_at", "updated_at", "topic_id", "creator_id", "updater_id", "body", "is_deleted")
    }


def test_programs_reply_too(browser, topic, member):
    fields = {"topic_id": topic.pk, "body": "Green."}
    response = browser(member).post("/forum_posts.json", {"forum_post": fields}, "application/json")
    assert response.status_code == 201
    assert response.json()["body"] == "Green."
    fields["body"] = ""
    response = browser(member).post("/forum_posts.json", {"forum_post": fields}, "application/json")
    assert response.status_code == 422


def test_one_edits_ones_own_post(browser, topic, member):
    post = topic.posts.last()
    client = browser(member)
    assert "I like [i]red[/i] ones." in client.get(f"/forum_posts/{post.pk}/edit").content.decode()
    response = client.post(f"/forum_posts/{post.pk}", {"_method": "put", "forum_post[body]": "Green."})
    assert response["Location"] == f"/forum_topics/{topic.pk}#forum_post_{post.pk}"
    post.refresh_from_db()
    assert post.body == "Green."
    response = client.post(f"/forum_posts/{post.pk}", {"_method": "put", "forum_post[body]": " "})
    assert response.status_code == 200
    assert "Post can&#x27;t be blank" in response.content.decode()


def test_nobody_edits_somebody_elses_post_or_moves_it(browser, topic, member, builder):
    post = topic.posts.last()
    assert browser(builder).post(f"/forum_posts/{post.pk}", {"_method": "put"}).status_code == 403
    moved = {"_method": "put", "forum_post[topic_id]": "1"}
    assert browser(member).post(f"/forum_posts/{post.pk}", moved).status_code == 403


def test_a_locked_topic_is_left_as_it_is(browser, topic, member, moderator):
    topic.edit(moderator, is_locked=True)
    post = topic.posts.last()
    fields = {"_method": "put", "forum_post[body]": "Green."}
    assert browser(member).post(f"/forum_posts/{post.pk}", fields).status_code == 403
    assert browser(moderator).post(f"/forum_posts/{post.pk}", fields).status_code == 302


def test_moderators_delete_a_post_and_bring_it_back(browser, topic, member, moderator):
    post = topic.posts.last()
    client = browser(moderator)
    page = client.post(f"/forum_posts/{post.pk}", {"_method": "delete"}, follow=True).content.decode()
    assert "Post deleted" in page
    assert "Undelete" in page
    assert browser(member).get(f"/forum_posts/{post.pk}").status_code == 403
    assert browser(member).post(f"/forum_posts/{post.pk}/undelete").status_code == 403
    page = client.post(f"/forum_posts/{post.pk}/undelete", follow=True).content.decode()
    assert "Post undeleted" in page


def test_the_first_post_is_not_deleted_by_itself(browser, topic, moderator):
    post = topic.posts.first()
    message = "Can't delete original post without deleting the topic first"
    client = browser(moderator)
    page = client.post(f"/forum_posts/{post.pk}", {"_method": "delete"}, follow=True).content.decode()
    assert message.replace("'", "&#x27;") in page
    response = client.delete(f"/forum_posts/{post.pk}.json")
    assert response.status_code == 422
    assert response.json() == {"errors": {"base": [message]}}
    topic.hide(moderator)
    response = client.post(f"/forum_posts/{post.pk}/undelete.json")
    assert response.json() == {"errors": {"base": ["Can't undelete post without undeleting the topic first"]}}
