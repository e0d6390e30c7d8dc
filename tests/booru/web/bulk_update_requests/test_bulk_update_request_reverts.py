import pytest

from booru.models import BulkUpdateRequestRevert, ForumPost
from jobs.bulk_update_requests import RevertBulkUpdateRequestJob
from jobs.engine.testing import assert_enqueued, assert_no_enqueued, perform_enqueued_jobs
from tests.support.tag_factories import apply_script, make_post, make_request

pytestmark = pytest.mark.django_db


def revert_path(bur):
    return f"/bulk_update_requests/{bur.pk}/revert"


def page_of(client, bur):
    return client.get(bur.get_absolute_url()).content.decode()


def test_an_admin_reverts_a_request_and_sees_what_came_of_it(browser, admin):
    post = make_post("a")
    bur = apply_script("alias a -> b")
    client = browser(admin)
    assert "Are you sure you want to revert this bulk update request?" in page_of(client, bur)
    response = client.post(revert_path(bur))
    assert (response.status_code, response["Location"]) == (302, bur.get_absolute_url())
    assert_enqueued(RevertBulkUpdateRequestJob, bur)
    waiting = page_of(client, bur)
    assert f"BUR #{bur.pk} is being reverted" in waiting
    assert "data-refreshes" in waiting
    assert "Revert again" not in waiting
    perform_enqueued_jobs()
    post.refresh_from_db()
    assert post.tag_string == "a"
    page = page_of(client, bur)
    assert "Everything was undone; what others have changed since is kept." in page
    assert ">reverted</span>" in page
    assert "data-refreshes" not in page
    assert ">approved</span>, reverted" not in page
    assert ", reverted" in client.get("/bulk_update_requests").content.decode()


def test_the_topic_hears_of_it(browser, admin):
    bur = apply_script("alias a -> b")
    browser(admin).post(revert_path(bur))
    perform_enqueued_jobs()
    last = ForumPost.objects.filter(topic=bur.forum_topic).latest("id")
    link = f'"bulk update request #{bur.pk}":/bulk_update_requests?search%5Bid%5D={bur.pk}'
    assert last.creator.is_system
    assert last.body == f"The {link} (forum #{bur.forum_post_id}) has been reverted by @{admin.name}."


def test_what_could_not_be_undone_is_listed(browser, admin):
    bur = apply_script("alias a -> b")
    revert = BulkUpdateRequestRevert.objects.request(bur, admin)
    revert.note("post #5 keeps [[b]], which its other tags imply")
    revert.note("the pool <b>x</b> stays as it is")
    revert.process()
    page = page_of(browser(), bur)
    assert "Not undone: 2 things." in page
    assert "the pool &lt;b&gt;x&lt;/b&gt; stays as it is" in page
    assert "/wiki_pages/b" in page
    assert "which these are the first" not in page
    last = ForumPost.objects.filter(topic=bur.forum_topic).latest("id")
    assert last.body.endswith("but for some things that could not be undone; its page lists them.")


def test_programs_get_the_revert_and_read_how_far_it_is(browser, admin):
    make_post("a")
    bur = apply_script("alias a -> b")
    client = browser(admin)
    assert client.get(f"{bur.get_absolute_url()}.json").json()["revert"] is None
    response = client.post(f"{revert_path(bur)}.json")
    assert (response.status_code, response.json()["status"]) == (201, "pending")
    perform_enqueued_jobs()
    record = client.get(f"{bur.get_absolute_url()}.json").json()
    assert record["status"] == "approved"
    assert record["revert"]["status"] == "done"
    assert record["revert"]["reverter_id"] == admin.pk
    assert (record["revert"]["posts_total"], record["revert"]["posts_changed"]) == (1, 1)


def test_a_request_that_was_not_applied_cannot_be_reverted(browser, admin):
    bur = make_request("alias a -> b")
    client = browser(admin)
    assert "revert" not in page_of(client, bur)
    assert client.post(revert_path(bur)).status_code == 403
    assert_no_enqueued(RevertBulkUpdateRequestJob)


def test_a_request_that_is_being_reverted_is_neither_reverted_nor_approved(browser, admin):
    bur = apply_script("alias a -> b")
    type(bur).objects.update(status="failed")
    client = browser(admin)
    assert client.post(revert_path(bur)).status_code == 302
    assert client.post(revert_path(bur)).status_code == 403
    response = client.post(f"{bur.get_absolute_url()}/approve.json")
    assert response.status_code in {403, 422}
    bur.refresh_from_db()
    assert bur.status == "failed"
