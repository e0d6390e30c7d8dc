"""What a walk over posts leaves in its line."""

import time

import pytest
from django.db import transaction

from booru.bulk_update.line_journal import LineJournal
from booru.models import Level, Post, User
from booru.posts.editing.editor import PostEditor
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.posts.walking.journal import SkippedPost
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob
from jobs.engine.context import use_job
from jobs.engine.errors import JobCanceled
from jobs.engine.progress import INTERVAL
from tests.support.tag_factories import make_post, make_request, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    bur = make_request("alias a -> b")
    bur.approve(make_user(Level.ADMIN))
    return bur.lines.get()


def edit(line, *, is_resumable):
    editor = PostEditor(User.objects.system(), batch_size=1, journal=LineJournal(line, 1))
    editor.edit(Post.objects.tagged("a"), TagEdit(add=("x",)), is_resumable=is_resumable)
    line.refresh_from_db()


def test_each_batch_is_counted(line):
    make_post("a")
    make_post("a x")
    edit(line, is_resumable=False)
    assert (line.posts_done, line.posts_total, line.posts_changed, line.resume_after) == (2, 2, 1, 0)


def test_a_walk_that_finds_its_posts_again_goes_on_after_the_last(line):
    first, second, third = make_post("a"), make_post("a"), make_post("a")
    line.resume_after, line.posts_done = first.pk, 1
    line.save()
    edit(line, is_resumable=True)
    assert [Post.objects.get(pk=post.pk).tag_string for post in (first, second, third)] == ["a", "a x", "a x"]
    assert (line.posts_done, line.posts_total, line.resume_after) == (3, 3, third.pk)


def test_a_batch_that_is_taken_back_is_not_counted(line):
    journal = LineJournal(line, 1)
    with transaction.atomic():
        journal.batch_done(5, 10, 9)
        transaction.set_rollback(True)
    line.refresh_from_db()
    assert (line.posts_done, line.resume_after) == (0, 0)


def test_posts_that_could_not_be_saved_are_counted_and_some_are_named(line):
    journal = LineJournal(line, 1)
    for start in (0, 15):
        journal.batch_done(0, 15, 0, [SkippedPost(n, "too many tags") for n in range(start, start + 15)])
    line.refresh_from_db()
    assert line.posts_skipped == 30
    assert line.skipped == [[n, "too many tags"] for n in range(20)]


def test_a_cancelled_job_edits_no_more_posts(line):
    post = make_post("a")
    job = ProcessBulkUpdateRequestJob.jobs_of(line.bulk_update_request).get()
    type(job).objects.filter(pk=job.pk).update(performed_at=job.enqueued_at)
    job.began_in_transaction = True
    with use_job(job):
        editor = PostEditor(User.objects.system(), journal=LineJournal(line, 1))
        job.cancel()
        time.sleep(INTERVAL)
        with pytest.raises(JobCanceled):
            editor.edit(Post.objects.tagged("a"), TagEdit(add=("x",)))
    post.refresh_from_db()
    line.refresh_from_db()
    assert (post.tag_string, line.posts_done) == ("a", 0)
