"""Who is told when a request has failed, and what."""

import pytest
from django.core.exceptions import ValidationError

from booru.models import Dmail, ForumPost, Level, User
from booru.models.bulk_update_requests.bulk_update_failure import reason_named, reason_of
from tests.booru.bulk_update.trouble import Trouble
from tests.support.tag_factories import make_request, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def trouble(monkeypatch):
    return Trouble(monkeypatch)


def failed(trouble, error, script="alias a -> b\nalias c -> d"):
    trouble.with_tag("c", error)
    bur = make_request(script)
    bur.approve(make_user(Level.ADMIN))
    with pytest.raises(type(error)):
        bur.process()
    return bur


def test_the_topic_and_the_approver_are_told_the_line_and_the_reason(trouble):
    bur = failed(trouble, ValidationError("a rule is against it"))
    post = ForumPost.objects.latest("id")
    assert (post.topic, post.creator) == (bur.forum_topic, User.objects.system())
    expected = (
        f'The "bulk update request #{bur.pk}":/bulk_update_requests?search%5Bid%5D={bur.pk} '
        f"(forum #{bur.forum_post_id}) has failed at line 2, create alias [[c]] -> [[d]].\n\n"
        "Reason: a rule is against it.\n\n"
        "What was done stays done. When it is approved again, it goes on where it failed."
    )
    assert post.body.replace("\r\n", "\n") == expected
    dmail = Dmail.objects.get(owner=bur.approver)
    assert (dmail.from_user, dmail.title) == (
        User.objects.system(),
        f"Bulk update request #{bur.pk} has failed",
    )
    assert dmail.body == post.body


def test_an_unforeseen_error_is_only_named(trouble):
    failed(trouble, KeyError("postgres://user:secret@host/"))
    body = ForumPost.objects.latest("id").body
    assert "Reason: an unexpected error (KeyError), which its job shows to admins." in body
    assert "secret" not in body


def test_without_a_topic_only_the_approver_is_told(trouble):
    trouble.with_tag("a", ValueError("x"))
    bur = make_request("alias a -> b")
    type(bur).objects.filter(pk=bur.pk).update(forum_post=None)
    bur.approve(make_user(Level.ADMIN))
    posts = ForumPost.objects.count()
    with pytest.raises(ValueError):
        bur.process()
    assert (ForumPost.objects.count(), Dmail.objects.filter(owner=bur.approver).count()) == (posts, 1)


def test_a_topic_that_cannot_be_told_does_not_keep_it_from_failing(trouble):
    bur = failed(trouble, ValidationError("\n".join(f"!post #{n}" for n in range(7))))
    assert bur.status == "failed"
    assert "has failed" not in ForumPost.objects.latest("id").body


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("JobCanceled: Canceled", "its job was cancelled"),
        ("JobTimeout: the job ran longer", "it took too long"),
        ("WorkerDied: the worker process died", "the worker that applied it died, again and again"),
        ("OperationalError: host 10.0.0.1", "the database could not do it"),
        ("Odd", "an unexpected error (Odd), which its job shows to admins"),
    ],
)
def test_what_ended_its_job_is_told_in_words(text, reason):
    assert reason_named(text) == reason


def test_the_messages_of_a_rule_are_told_whole():
    assert reason_of(ValidationError(["one", "two"])) == "one; two"
