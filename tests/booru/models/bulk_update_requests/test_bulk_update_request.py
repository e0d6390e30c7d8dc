import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from booru.models import BulkUpdateRequest, ForumPost, ForumTopic, Level, TagAlias, User
from booru.models.tag_relationships.tag_relationship import ValidationContext
from booru.posts.editing.drafts import MAX_TAGS
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob
from jobs.engine.testing import assert_enqueued, assert_no_enqueued, perform_enqueued_jobs
from tests.booru.bulk_update.trouble import Trouble
from tests.support.factories import PostFactory
from tests.support.tag_factories import make_alias, make_implication, make_post, make_request, make_user

pytestmark = pytest.mark.django_db

SCRIPT = "create alias aaa -> bbb"


def errors_of(**fields):
    with pytest.raises(ValidationError) as error:
        make_request(**{"script": SCRIPT, **fields})
    assert not BulkUpdateRequest.objects.exists()
    assert not ForumTopic.objects.exists()
    return error.value.message_dict


def test_a_request_opens_a_topic_that_shows_it():
    user = make_user()
    bur = make_request(SCRIPT, user, title="Birds", reason="They\nsing")
    assert (bur.status, bur.user, bur.tags) == ("pending", user, ["aaa", "bbb"])
    assert (bur.forum_topic.title, bur.forum_topic.category) == ("Birds", ForumTopic.Category.TAGS)
    assert bur.forum_topic.creator == user
    assert bur.forum_post.topic == bur.forum_topic
    assert bur.forum_post.body.split() == [f"[bur:{bur.pk}]", "They", "sing"]


def test_a_request_can_join_a_topic():
    topic = ForumTopic.objects.open(make_user(), "Birds", ForumTopic.Category.TAGS)
    bur = make_request(SCRIPT, title="", forum_topic=topic)
    assert bur.forum_post.topic == topic
    assert ForumTopic.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"title": " "}, {"title": ["can't be blank"]}),
        ({"title": "x" * 201}, {"title": ["is too long (maximum is 200 characters)"]}),
        ({"reason": ""}, {"reason": ["can't be blank"]}),
        ({"reason": "\u200b"}, {"reason": ["can't be blank"]}),
        ({"reason": "x" * 20_001}, {"reason": ["is too long (maximum is 20000 characters)"]}),
        ({"script": " \n "}, {"script": ["can't be blank"]}),
        ({"script": "x" * 20_001}, {"script": ["is too long (maximum is 20000 characters)"]}),
        ({"script": "foo"}, {NON_FIELD_ERRORS: ["Invalid line: foo"]}),
    ],
)
def test_a_bad_request_is_not_saved(fields, errors):
    assert errors_of(**fields) == errors


def test_everything_that_is_wrong_is_told_at_once():
    assert set(errors_of(title="", reason="", script="foo")) == {"title", "reason", NON_FIELD_ERRORS}


def test_a_script_is_tidied():
    bur = make_request("\r\n  create alias Cafe\u0301s  -> bbb\r\n".replace("Cafe\u0301s", "aaa"))
    assert bur.script == "create alias aaa  -> bbb"


def test_editing_the_script_changes_its_tags_and_not_its_status():
    bur = make_request(SCRIPT)
    bur.edit_script("alias ccc -> ddd\nalias eee -> ddd")
    bur.refresh_from_db()
    assert (bur.status, bur.tags) == ("pending", ["ccc", "ddd", "eee"])


def test_a_bad_edit_changes_nothing():
    bur = make_request(SCRIPT)
    with pytest.raises(ValidationError) as error:
        bur.edit_script("foo")
    assert error.value.messages == ["Invalid line: foo"]
    assert bur.script == SCRIPT
    bur.refresh_from_db()
    assert bur.script == SCRIPT


def test_a_script_that_stays_is_not_checked_again():
    bur = make_request(SCRIPT)
    make_alias("bbb", "ccc")
    bur.edit_script(f" {SCRIPT} ")


def test_an_approved_script_cannot_be_edited():
    bur = make_request(SCRIPT)
    bur.approve(make_user(Level.ADMIN))
    with pytest.raises(ValidationError, match="already approved"):
        bur.edit_script("alias ccc -> ddd")


def test_approval_enqueues_the_job_and_tells_the_topic():
    bur, admin = make_request(SCRIPT), make_user(Level.ADMIN, name="some_admin")
    bur.approve(admin)
    bur.refresh_from_db()
    assert (bur.status, bur.approver, bur.is_approved) == ("processing", admin, True)
    assert_enqueued(ProcessBulkUpdateRequestJob, bur, queue_name="bulk_update")
    post = ForumPost.objects.latest("id")
    assert (post.topic, post.creator) == (bur.forum_topic, User.objects.system())
    assert post.body == (
        f'The "bulk update request #{bur.pk}":/bulk_update_requests?search%5Bid%5D={bur.pk} '
        f"(forum #{bur.forum_post_id}) has been approved by @some_admin."
    )


def test_approval_says_why_it_is_not_possible():
    bur = make_request(SCRIPT)
    make_alias("bbb", "ccc")
    with pytest.raises(ValidationError) as error:
        bur.approve(make_user(Level.ADMIN))
    assert error.value.messages == ["Can't create alias [[aaa]] -> [[bbb]] (bbb is already aliased to ccc)"]
    bur.refresh_from_db()
    assert (bur.status, bur.approver) == ("pending", None)
    assert_no_enqueued(ProcessBulkUpdateRequestJob)


def test_a_request_is_approved_once():
    bur = make_request(SCRIPT)
    again = BulkUpdateRequest.objects.get(pk=bur.pk)
    bur.approve(make_user(Level.ADMIN))
    with pytest.raises(ValidationError, match=f"BUR #{bur.pk} is already approved"):
        again.approve(make_user(Level.ADMIN))


def test_the_job_applies_the_script():
    post = make_post("aaa x")
    bur = make_request(SCRIPT)
    bur.approve(make_user(Level.ADMIN))
    perform_enqueued_jobs(ProcessBulkUpdateRequestJob, raise_errors=True)
    bur.refresh_from_db()
    post.refresh_from_db()
    assert (bur.status, post.tag_string) == ("approved", "bbb x")


def test_a_failed_request_can_be_approved_again(monkeypatch):
    post, trouble = make_post("foo aaa"), Trouble(monkeypatch)
    trouble.with_tag("foo", RuntimeError("nobody foresaw this"))
    bur, admin = make_request("alias foo -> bar"), make_user(Level.ADMIN)
    bur.approve(admin)
    with pytest.raises(RuntimeError, match="nobody foresaw this"):
        bur.process()
    bur.refresh_from_db()
    post.refresh_from_db()
    alias = TagAlias.objects.get()
    assert (bur.status, bur.approver, post.tag_string) == ("failed", admin, "aaa foo")
    assert (alias.status, alias.approver, alias.forum_topic) == ("active", admin, bur.forum_topic)
    trouble.is_over()
    bur.approve(admin)
    assert bur.processor.errors(ValidationContext.APPROVAL) == []
    bur.process()
    post.refresh_from_db()
    assert (bur.status, post.tag_string) == ("approved", "aaa bar")
    assert TagAlias.objects.active().get() == alias


def test_a_failed_job_keeps_the_error():
    PostFactory(tag_string=" ".join(["foo", *(f"t{number}" for number in range(MAX_TAGS - 1))]))
    make_implication("bar", "up")
    bur = make_request("alias foo -> bar")
    bur.approve(make_user(Level.ADMIN))
    (job,) = perform_enqueued_jobs(ProcessBulkUpdateRequestJob)
    bur.refresh_from_db()
    assert bur.status == "failed"
    assert f"Post cannot have more than {MAX_TAGS} tags" in str(job.error)


def test_rejection_tells_the_topic():
    bur = make_request(SCRIPT)
    bur.reject(make_user(name="somebody"))
    bur.refresh_from_db()
    assert (bur.status, bur.approver) == ("rejected", None)
    assert ForumPost.objects.latest("id").body.endswith("has been rejected by @somebody.")


def test_a_request_without_a_forum_post_is_decided_silently():
    for decide, status in ((BulkUpdateRequest.reject, "rejected"), (BulkUpdateRequest.approve, "processing")):
        bur = make_request(SCRIPT)
        BulkUpdateRequest.objects.filter(pk=bur.pk).update(forum_post=None)
        posts = ForumPost.objects.count()
        decide(bur, make_user(Level.ADMIN))
        assert (bur.status, ForumPost.objects.count()) == (status, posts)


def test_only_a_pending_request_is_rejected():
    bur = make_request(SCRIPT)
    bur.approve(make_user(Level.ADMIN))
    with pytest.raises(ValidationError, match="is not pending"):
        bur.reject(make_user(Level.ADMIN))


def test_a_rejected_request_can_be_approved():
    bur = make_request(SCRIPT)
    bur.reject(make_user())
    bur.approve(make_user(Level.ADMIN))
    assert bur.status == "processing"
