"""Bulk update requests on real workers: their order, and what becomes of one whose worker is killed."""

import os
import signal
from contextlib import contextmanager

import psycopg
import pytest

from booru.models import BulkUpdateRequest, Level, Post, PostVersion
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob
from tests.support.clusters import database_url, running_cluster
from tests.support.factories import PostFactory
from tests.support.tag_factories import make_post, make_request, make_user
from tests.support.waiting import wait_until, wait_until_blocked

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]
# Of which two apply requests: one is always left for other jobs.
WORKERS = {"JOBS_WORKERS": "3"}


@pytest.fixture
def admin():
    return make_user(Level.ADMIN)


@contextmanager
def held(post):
    """Somebody edits this post, and takes long."""
    with psycopg.connect(database_url()) as connection:
        connection.execute("SELECT FROM posts WHERE id = %s FOR UPDATE", [post.pk])
        yield


def approved(script, admin):
    bur = make_request(script)
    bur.approve(admin)
    return bur


def status(bur):
    return BulkUpdateRequest.objects.get(pk=bur.pk).status


def test_requests_wait_for_those_about_the_same_tags_and_for_no_others(tmp_path, admin):
    post, other = make_post("aaa"), make_post("xxx")
    first, second, disjoint = (
        approved(f"alias {pair}", admin) for pair in ("aaa -> bbb", "bbb -> ccc", "xxx -> yyy")
    )
    with running_cluster(tmp_path, **WORKERS):
        with held(post):
            wait_until(lambda: status(disjoint) == "approved", what="the request about other tags")
            assert (status(first), first.lines.get().status) == ("processing", "running")
            assert (status(second), second.lines.get().status) == ("processing", "pending")
        wait_until(lambda: {status(first), status(second)} == {"approved"}, what="the others")
    assert [Post.objects.get(pk=pk).tag_string for pk in (post.pk, other.pk)] == ["ccc", "yyy"]
    assert second.lines.get().started_at >= first.lines.get().finished_at


def test_a_request_whose_worker_is_killed_goes_on_and_edits_each_post_once(tmp_path, admin):
    posts = PostFactory.create_batch(1500, tag_string="old", uploader=admin)
    bur = approved("alias old -> new_one\nalias other -> another", admin)
    with running_cluster(tmp_path, **WORKERS):
        with held(posts[-1]):
            wait_until(lambda: bur.lines.first().posts_done, what="a batch to be done")
            wait_until_blocked("the worker to come to the post that is held")
            job = ProcessBulkUpdateRequestJob.jobs_of(bur).get()
            os.kill(job.worker_pid, signal.SIGKILL)
        wait_until(lambda: status(bur) == "approved", what="the request to be applied")
    job.refresh_from_db()
    first, second = bur.lines.all()
    # It had come farther than before, so its death is not held against it.
    assert (job.attempts, job.crashes, job.error) == (2, 0, None)
    assert (first.status, first.posts_done, first.posts_total, first.posts_changed) == ("done", *[1500] * 3)
    assert second.status == "done"
    assert Post.objects.filter(tag_string="new_one").count() == 1500
    versions = PostVersion.objects.filter(bulk_update_request=bur)
    assert versions.count() == versions.values("post").distinct().count() == 1500
