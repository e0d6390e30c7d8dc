"""How far a request is, line by line; and how it goes on after it was interrupted or has failed."""

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError

from booru.models import Level, PostVersion, TagAlias
from booru.posts.walking.pace import BATCH_SIZE
from jobs.engine.errors import JobCanceled
from tests.support.factories import PostFactory
from tests.support.tag_factories import (
    apply_script,
    make_alias,
    make_implication,
    make_post,
    make_request,
    make_user,
)

pytestmark = pytest.mark.django_db

SCRIPT = "alias a -> b\nalias c -> d\nalias e -> f"


@pytest.fixture
def admin():
    return make_user(Level.ADMIN)


def approved(script, admin):
    bur = make_request(script)
    bur.approve(admin)
    return bur


def states(bur):
    return [line.status for line in bur.lines.all()]


def fail(bur, error=ValueError):
    with pytest.raises(error):
        bur.process()


def test_the_script_becomes_lines_when_it_is_approved(admin):
    bur = make_request("alias  a -> b\n\nCREATE alias c -> d")
    assert not bur.lines.exists()
    bur.approve(admin)
    lines = [(line.number, line.text, line.status, line.started_at) for line in bur.lines.all()]
    assert lines == [(1, "alias a -> b", "pending", None), (2, "CREATE alias c -> d", "pending", None)]


def test_a_line_that_is_done_tells_how_many_posts_it_changed():
    for n in range(3):
        make_post(f"a x{n}")
    line = apply_script("alias a -> b").lines.get()
    assert (line.status, line.posts_done, line.posts_total, line.posts_changed) == ("done", 3, 3, 3)
    assert line.started_at < line.finished_at


def test_the_first_line_that_fails_ends_it(admin, trouble):
    trouble.with_tag("c", ValidationError("a rule is against it"))
    bur = approved(SCRIPT, admin)
    fail(bur, ValidationError)
    failed = bur.lines.get(number=2)
    assert (bur.status, states(bur)) == ("failed", ["done", "failed", "pending"])
    assert (failed.error, failed.finished_at is None) == ("a rule is against it", False)


def test_what_is_approved_again_goes_on_at_the_line_that_failed(admin, trouble):
    trouble.with_tag("c", ValueError("x"))
    bur = approved(SCRIPT, admin)
    fail(bur)
    trouble.is_over()
    bur.approve(admin)
    assert states(bur) == ["done", "pending", "pending"]
    assert bur.lines.get(number=2).error == ""
    bur.process()
    assert (bur.status, states(bur), trouble.moved) == ("approved", ["done"] * 3, ["c", "e"])


def test_what_is_approved_again_can_begin_from_its_start(admin, trouble):
    trouble.with_tag("c", ValueError("x"))
    bur = approved(SCRIPT, admin)
    fail(bur)
    trouble.is_over()
    bur.approve(admin, from_start=True)
    bur.process()
    assert (bur.status, trouble.moved) == ("approved", ["a", "c", "e"])
    assert TagAlias.objects.active().count() == 3


def test_a_script_that_was_edited_in_between_begins_from_its_start(admin, trouble):
    trouble.with_tag("c", ValueError("x"))
    bur = approved(SCRIPT, admin)
    fail(bur)
    trouble.is_over()
    bur.edit_script("alias x -> y\nalias v -> w")
    bur.approve(admin)
    assert [line.text for line in bur.lines.all()] == ["alias x -> y", "alias v -> w"]
    bur.process()
    assert (states(bur), trouble.moved) == (["done", "done"], ["x", "v"])


def test_approval_looks_only_at_what_is_not_done_yet(admin, trouble):
    trouble.with_tag("c", ValueError("x"))
    bur = approved(SCRIPT, admin)
    fail(bur)
    make_alias("b", "z")
    bur.approve(admin)
    fail(bur)
    with pytest.raises(ValidationError, match="b is already aliased to z"):
        bur.approve(admin, from_start=True)
    assert states(bur) == ["done", "failed", "pending"], "what was refused changed nothing"


def test_a_run_that_was_interrupted_does_not_do_again_what_is_done(admin, trouble):
    trouble.with_tag("c", OperationalError("the connection is lost"))
    bur = approved(SCRIPT, admin)
    fail(bur, OperationalError)
    bur.refresh_from_db()
    assert (bur.status, states(bur)) == ("processing", ["done", "running", "pending"])
    trouble.is_over()
    bur.process()
    assert (bur.status, trouble.moved) == ("approved", ["c", "e"])


def test_a_line_that_was_interrupted_goes_on_with_the_posts_that_are_left(admin):
    posts = [PostFactory(tag_string="a") for _ in range(BATCH_SIZE + 2)]
    bur = approved("alias a -> b", admin)
    line = bur.lines.get()
    # As a worker leaves it that dies after its first batch.
    TagAlias.objects.find_or_create_active("a", "b", approver=admin)
    type(posts[0]).objects.filter(pk__in=[post.pk for post in posts[:BATCH_SIZE]]).update(tag_string="b")
    bur.lines.update(
        status="running", posts_done=BATCH_SIZE, posts_total=BATCH_SIZE + 2, posts_changed=BATCH_SIZE
    )
    bur.process()
    line.refresh_from_db()
    assert (line.posts_done, line.posts_total, line.posts_changed) == (BATCH_SIZE + 2,) * 3
    assert PostVersion.objects.filter(bulk_update_request=bur).count() == 2


def test_a_cancelled_run_stops_where_it_is(admin, trouble):
    trouble.with_tag("c", JobCanceled("Canceled"))
    bur = approved(SCRIPT, admin)
    fail(bur, JobCanceled)
    assert (bur.status, states(bur)) == ("failed", ["done", "failed", "pending"])
    assert bur.lines.get(number=2).error == "its job was cancelled"


def test_an_implication_that_the_failed_run_made_does_not_forbid_the_next(admin, trouble):
    trouble.with_tag("c", ValueError("x"))
    bur = approved("alias a -> b\nalias c -> d", admin)
    fail(bur)
    # As if the first line had been `imply a2 -> b2`: what is done is not checked again.
    bur.lines.filter(number=1).update(text="imply a2 -> b2")
    type(bur).objects.filter(pk=bur.pk).update(script="imply a2 -> b2\nalias c -> d")
    bur.refresh_from_db()
    make_implication("a2", "b2")
    bur.approve(admin)
    assert bur.status == "processing"
