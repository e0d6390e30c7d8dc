import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from booru.bulk_update.parser import COMMANDS, parse_script
from booru.models import BulkUpdateRequest, ForumPost, Level
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob
from jobs.engine.testing import assert_enqueued, assert_no_enqueued, perform_enqueued_jobs
from tests.support.factories import PostFactory, TagFactory, UserFactory

VALID = {"title": "xxx", "reason": "because", "script": "create alias aaa -> bbb"}


def form(**values):
    return {f"bulk_update_request[{name}]": value for name, value in values.items()}


def make_bur(user=None, script="create alias aaa -> bbb"):
    return BulkUpdateRequest.objects.request(
        user=user or UserFactory(), script=script, title="xxx", reason="because"
    )


def test_a_member_requests_an_update_and_comes_to_the_forum(browser, member):
    response = browser(member).post("/bulk_update_requests", form(**VALID))
    bur = BulkUpdateRequest.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/forum_posts/{bur.forum_post_id}"
    page = browser(member).get(response["Location"], follow=True).content.decode()
    assert f"BUR #{bur.pk}" in page
    assert "is pending approval." in page


def test_a_blank_reason_makes_no_request_and_loses_nothing(browser, member):
    response = browser(member).post("/bulk_update_requests", form(**VALID | {"reason": " "}))
    page = response.content.decode()
    assert response.status_code == 200
    assert BulkUpdateRequest.objects.count() == 0
    assert "Reason can&#x27;t be blank" in page
    assert "create alias aaa -&gt; bbb" in page
    assert 'value="xxx"' in page


def test_a_script_that_makes_no_sense_is_shown_with_its_problem(browser, member):
    response = browser(member).post("/bulk_update_requests", form(**VALID | {"script": "make it so"}))
    assert response.status_code == 200
    assert "<li>Invalid line: make it so</li>" in response.content.decode()


def test_programs_get_201_with_the_record_or_422_with_the_errors(browser, member):
    client = browser(member)
    response = client.post("/bulk_update_requests.json", {"bulk_update_request": VALID}, "application/json")
    assert response.status_code == 201
    assert response.json()["status"] == "pending"
    assert response.json()["tags"] == ["aaa", "bbb"]
    response = client.post("/bulk_update_requests.json", {"bulk_update_request": {}}, "application/json")
    assert response.status_code == 422
    assert response.json()["errors"]["reason"] == ["can't be blank"]


def test_a_request_may_join_a_topic(browser, member):
    topic = make_bur().forum_topic
    client = browser(member)
    new = client.get(f"/bulk_update_requests/new?bulk_update_request[forum_topic_id]={topic.pk}")
    assert topic.title in new.content.decode()
    response = client.post("/bulk_update_requests", form(**VALID, forum_topic_id=topic.pk))
    assert response.status_code == 302
    assert BulkUpdateRequest.objects.filter(forum_topic=topic).count() == 2


@pytest.mark.parametrize("topic_id", ["0", "x", "9" * 30])
def test_a_topic_that_is_not_there_is_a_complaint(browser, member, topic_id):
    response = browser(member).post("/bulk_update_requests", form(**VALID, forum_topic_id=topic_id))
    assert response.status_code == 200
    assert "Forum topic can&#x27;t be blank" in response.content.decode()
    assert not BulkUpdateRequest.objects.exists()


def test_a_locked_topic_takes_no_request(browser, member):
    topic = make_bur().forum_topic
    topic.is_locked = True
    topic.save()
    response = browser(member).post("/bulk_update_requests", form(**VALID, forum_topic_id=topic.pk))
    assert response.status_code == 403


def test_a_builder_may_not_edit_somebody_elses_request(browser, builder):
    bur = make_bur()
    response = browser(builder).post(
        f"/bulk_update_requests/{bur.pk}", form(script="create alias x1 -> x2") | {"_method": "put"}
    )
    bur.refresh_from_db()
    assert response.status_code == 403
    assert bur.script == "create alias aaa -> bbb"


def test_the_requester_edits_the_script(browser, member):
    bur = make_bur(member)
    client = browser(member)
    assert "create alias aaa" in client.get(f"/bulk_update_requests/{bur.pk}/edit").content.decode()
    response = client.post(
        f"/bulk_update_requests/{bur.pk}",
        form(script="create alias x1 -> x2") | {"_method": "put"},
        follow=True,
    )
    bur.refresh_from_db()
    assert bur.script == "create alias x1 -> x2"
    assert f"BUR #{bur.pk} updated" in response.content.decode()


def test_an_edit_that_fails_shows_what_was_typed(browser, member):
    bur = make_bur(member)
    response = browser(member).post(
        f"/bulk_update_requests/{bur.pk}", form(script="make it so") | {"_method": "put"}
    )
    assert response.status_code == 200
    assert "make it so</textarea>" in response.content.decode()
    bur.refresh_from_db()
    assert bur.script == "create alias aaa -> bbb"


def test_an_update_may_not_smuggle_in_a_status(browser, member):
    bur = make_bur(member)
    response = browser(member).post(
        f"/bulk_update_requests/{bur.pk}", form(status="approved") | {"_method": "put"}
    )
    assert response.status_code == 403


def test_an_admin_approves(browser, admin):
    bur = make_bur()
    client = browser(admin)
    assert "Approve" in client.get(f"/bulk_update_requests/{bur.pk}").content.decode()
    response = client.post(f"/bulk_update_requests/{bur.pk}/approve", follow=True)
    bur.refresh_from_db()
    assert bur.status == "processing"
    assert bur.approver == admin
    assert f"BUR #{bur.pk} approved" in response.content.decode()
    assert_enqueued(ProcessBulkUpdateRequestJob, bur)


def test_an_approval_that_the_script_forbids_says_why(browser, admin):
    bur = make_bur()
    make_bur(script="create alias bbb -> ccc").approve(admin)
    from booru.models import TagAlias

    TagAlias.objects.create(antecedent_name="bbb", consequent_name="ccc", creator=admin)
    response = browser(admin).post(f"/bulk_update_requests/{bur.pk}/approve")
    bur.refresh_from_db()
    assert response.status_code == 200
    assert "bbb is already aliased to ccc" in response.content.decode()
    assert bur.status == "pending"
    response = browser(admin).post(f"/bulk_update_requests/{bur.pk}/approve.json")
    assert response.status_code == 422


def test_a_member_may_not_approve(browser, member):
    bur = make_bur()
    assert browser(member).post(f"/bulk_update_requests/{bur.pk}/approve").status_code == 403
    bur.refresh_from_db()
    assert bur.status == "pending"
    assert_no_enqueued(ProcessBulkUpdateRequestJob)


def test_another_builder_may_not_reject(browser, builder):
    bur = make_bur()
    response = browser(builder).post(f"/bulk_update_requests/{bur.pk}", {"_method": "delete"})
    assert response.status_code == 403


def test_the_requester_rejects(browser, member):
    bur = make_bur(member)
    response = browser(member).post(f"/bulk_update_requests/{bur.pk}", {"_method": "delete"}, follow=True)
    bur.refresh_from_db()
    assert bur.status == "rejected"
    assert f"BUR #{bur.pk} rejected" in response.content.decode()


def test_builders_approve_small_artist_renames_but_not_what_comes_with_them(browser, builder):
    TagFactory(name="artist1a", category=1, post_count=10)
    TagFactory(name="artist1c", category=1, post_count=101)
    TagFactory(name="artist1d", category=0, post_count=300)
    bur = make_bur()
    script = "rename artist1a -> artist1b\ncreate alias artist1c -> artist1d"
    BulkUpdateRequest.objects.filter(pk=bur.pk).update(script=script)
    assert browser(builder).post(f"/bulk_update_requests/{bur.pk}/approve").status_code == 403
    TagFactory(name="artist1", category=1, post_count=1000)
    bur = make_bur(script="create alias artist1 -> artist2")
    assert browser(builder).post(f"/bulk_update_requests/{bur.pk}/approve").status_code == 403
    bur.refresh_from_db()
    assert bur.status == "pending"


def test_moderators_do_not_approve_implications_of_large_tags(browser):
    moderator = UserFactory(level=Level.MODERATOR)
    TagFactory(name="foo_(summer)", category=4, post_count=10)
    TagFactory(name="foo", category=4, post_count=201)
    bur = make_bur(script="create alias aaa -> bbb")
    BulkUpdateRequest.objects.filter(pk=bur.pk).update(script="imply foo_(summer) -> foo")
    assert browser(moderator).post(f"/bulk_update_requests/{bur.pk}/approve").status_code == 403
    bur.refresh_from_db()
    assert bur.status == "pending"


@pytest.fixture
def three_burs(admin):
    first, second, third = make_bur(), make_bur(script="create alias cirno -> 9"), make_bur()
    third.approve(admin)
    return first, second, third


def ids(response):
    return [record["id"] for record in response.json()]


def test_the_list_is_searched_and_ordered(browser, three_burs, admin):
    first, second, third = three_burs
    get = browser().get
    path = "/bulk_update_requests.json"
    assert ids(get(path, {"search[order]": "id_desc"})) == [third.pk, second.pk, first.pk]
    assert ids(get(path, {"search[order]": "status_desc"})) == [third.pk, second.pk, first.pk]
    assert ids(get(path, {"search[order]": "id_asc"})) == [first.pk, second.pk, third.pk]
    assert ids(get(path, {"search[script_matches]": "cirno -> 9"})) == [second.pk]
    assert ids(get(path, {"search[script_matches]": "*CIRNO*"})) == [second.pk]
    assert ids(get(path, {"search[forum_topic_id]": second.forum_topic_id})) == [second.pk]
    assert ids(get(path, {"search[user_id]": second.user_id})) == [second.pk]
    assert ids(get(path, {"search[user_name]": second.user.name.upper()})) == [second.pk]
    assert ids(get(path, {"search[has_approver]": "true"})) == [third.pk]
    assert ids(get(path, {"search[approver_name]": admin.name})) == [third.pk]
    assert ids(get(path, {"search[status]": "processing,failed"})) == [third.pk]
    assert ids(get(path, {"search[id]": f"<{third.pk}", "search[tags_include_any]": "9 x"})) == [second.pk]
    assert ids(get(path, {"search[id]": "nonsense"})) == []
    assert ids(get(path, {"search[id]": "9" * 30})) == []


def test_a_failed_reply_leaves_the_forum_as_it_was(browser, member):
    topic = make_bur().forum_topic
    response = browser(member).post(
        "/forum_posts", {"forum_post[topic_id]": topic.pk, "forum_post[body]": " "}
    )
    assert response.status_code == 200
    assert "Post can&#x27;t be blank" in response.content.decode()
    assert ForumPost.objects.count() == 1


def test_a_reply_is_shown_in_its_topic(browser, member):
    topic = make_bur().forum_topic
    response = browser(member).post(
        "/forum_posts", {"forum_post[topic_id]": topic.pk, "forum_post[body]": "I <b>agree</b>"}, follow=True
    )
    page = response.content.decode()
    assert "I &lt;b&gt;agree" in page
    topic.refresh_from_db()
    assert topic.updater == member


def test_a_null_script_is_a_complaint_like_any_other(browser, member):
    client = browser(member)
    body = {"bulk_update_request": VALID | {"script": None}}
    response = client.post("/bulk_update_requests.json", body, "application/json")
    assert (response.status_code, response.json()["errors"]) == (422, {"script": ["can't be blank"]})
    bur = make_bur(member)
    response = client.put(f"/bulk_update_requests/{bur.pk}.json", body, "application/json")
    assert response.status_code == 403, "an update changes only the script"
    body = {"bulk_update_request": {"script": None}}
    response = client.put(f"/bulk_update_requests/{bur.pk}.json", body, "application/json")
    assert (response.status_code, response.json()["errors"]) == (422, {"script": ["can't be blank"]})


def running(bur, **fields):
    """As while its first line is being done."""
    bur.approve(UserFactory(level=Level.ADMIN))
    started = timezone.now() - timedelta(seconds=10)
    bur.lines.filter(number=1).update(status="running", started_at=started, **fields)


def test_the_page_follows_a_run_line_by_line(browser):
    bur = make_bur(script="create alias aaa -> bbb\ncreate alias ccc -> ddd")
    page = browser().get(f"/bulk_update_requests/{bur.pk}").content.decode()
    assert "data-refreshes" not in page
    running(bur, posts_done=1000, posts_total=4000, posts_changed=900)
    page = browser().get(f"/bulk_update_requests/{bur.pk}").content.decode()
    assert "data-refreshes" in page
    assert '<progress value="25" max="100"' in page
    assert "1,000 of 4,000 posts, 900 changed" in page
    assert re.search(
        r">[5-9]\d posts a second, [3-5]\d seconds left<|>100 posts a second, 30 seconds left<", page
    )
    assert page.count("status-pending") == 1


def test_the_page_says_which_line_failed_and_why(browser, admin):
    bur = make_bur(script="create alias aaa -> bbb\ncreate alias ccc -> ddd")
    bur.approve(admin)
    bur.lines.filter(number=1).update(status="done")
    bur.lines.filter(number=2).update(
        status="failed", error="a rule is against it", posts_skipped=1, skipped=[[7, "<b>bad</b>"]]
    )
    BulkUpdateRequest.objects.filter(pk=bur.pk).update(status="failed")
    page = browser(admin).get(f"/bulk_update_requests/{bur.pk}").content.decode()
    assert "a rule is against it" in page
    assert "&lt;b&gt;bad&lt;/b&gt;" in page
    assert "Approve, continue where it failed" in page
    browser(admin).post(f"/bulk_update_requests/{bur.pk}/approve")
    assert [line.status for line in bur.lines.all()] == ["done", "pending"]


def test_an_admin_lets_it_begin_from_its_start(browser, admin):
    bur = make_bur(script="create alias aaa -> bbb\ncreate alias ccc -> ddd")
    bur.approve(admin)
    bur.lines.filter(number=1).update(status="done")
    BulkUpdateRequest.objects.filter(pk=bur.pk).update(status="failed")
    browser(admin).post(f"/bulk_update_requests/{bur.pk}/approve", {"from_start": "true"})
    assert [line.status for line in bur.lines.all()] == ["pending", "pending"]


def test_only_admins_are_led_to_the_job(browser, admin, member):
    bur = make_bur()
    bur.approve(admin)
    job = assert_enqueued(ProcessBulkUpdateRequestJob, bur)
    path = f"/bulk_update_requests/{bur.pk}"
    assert f'href="/jobs/{job.pk}"' in browser(admin).get(path).content.decode()
    assert f"/jobs/{job.pk}" not in browser(member).get(path).content.decode()


def test_programs_see_the_lines(browser, admin):
    bur = make_bur()
    path = f"/bulk_update_requests/{bur.pk}.json"
    assert browser().get(path).json()["lines"] == []
    bur.approve(admin)
    (line,) = browser().get(path).json()["lines"]
    assert (line["number"], line["text"], line["status"]) == (1, "create alias aaa -> bbb", "pending")


def test_the_job_shows_how_far_its_request_is(browser, admin):
    bur = make_bur()
    PostFactory(tag_string="aaa")
    bur.approve(admin)
    perform_enqueued_jobs()
    job = ProcessBulkUpdateRequestJob.jobs_of(bur).get()
    progress = browser(admin).get(f"/jobs/{job.pk}.json").json()["progress"]
    assert (progress["done"], progress["total"]) == (1, 1)
    assert progress["text"] == "line 1 of 1: create alias aaa -> bbb"


def test_the_commands_are_listed_beside_the_form(browser, member):
    page = browser(member).get("/bulk_update_requests/new").content.decode()
    examples = re.findall(r"<dt><code>(.*?)</code></dt>", page)
    kinds = {type(command) for example in examples for command in parse_script(unescape(example))}
    assert kinds == set(COMMANDS)


def test_an_admin_says_what_discusses_a_request(browser, admin):
    bur, other = make_bur(), make_bur()
    client, path = browser(admin), f"/bulk_update_requests/{bur.pk}"
    page = client.get(f"{path}/edit").content.decode()
    assert f'value="{bur.forum_topic_id}"' in page
    put = {"_method": "put"}
    client.post(path, form(forum_topic_id=other.forum_topic_id, forum_post_id="") | put)
    bur.refresh_from_db()
    assert (bur.forum_topic, bur.forum_post, bur.script) == (other.forum_topic, None, VALID["script"])
    for field, value, problem in [
        ("forum_topic_id", "0", "Forum topic can&#x27;t be blank"),
        ("forum_post_id", "x", "Forum post can&#x27;t be blank"),
        ("forum_post_id", other.forum_post_id, "Forum post has already been taken"),
    ]:
        assert problem in client.post(path, form(**{field: value}) | put).content.decode()
    bur.refresh_from_db()
    assert (bur.forum_topic, bur.forum_post) == (other.forum_topic, None)


def test_nobody_else_says_what_discusses_a_request(browser, member):
    bur = make_bur(member)
    response = browser(member).post(
        f"/bulk_update_requests/{bur.pk}", form(forum_topic_id="") | {"_method": "put"}
    )
    assert response.status_code == 403
