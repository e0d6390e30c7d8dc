"""Which requests a worker takes while others wait or run."""

import os
from threading import Thread

import pytest
from django.db import connection, transaction

from booru.models import BulkUpdateRequest, Level
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob
from jobs.engine.models import BackgroundJob
from jobs.engine.queue.claims import claim_next
from jobs.engine.queue.scope import Worker
from jobs.engine.worker import this_process
from jobs.engine.worker.execution import run
from tests.support.tag_factories import make_alias, make_request, make_user
from tests.support.waiting import PATIENCE, wait_until_blocked

pytestmark = pytest.mark.django_db


def approved(script):
    """The job of a request that was approved."""
    bur = make_request(script)
    bur.approve(make_user(Level.ADMIN))
    return ProcessBulkUpdateRequestJob.jobs_of(bur).get()


def claim():
    """The next job that a worker may start."""
    return claim_next(Worker(this_process.cluster_id(), os.getpid()))


def finish(job):
    assert run(BackgroundJob.objects.get(pk=job.pk)) is None


def test_requests_about_the_same_tag_run_in_the_order_of_their_approval():
    first, second, third = approved("alias a -> b"), approved("alias b -> c"), approved("alias c -> d")
    assert (claim(), claim()) == (first, None)
    finish(first)
    assert (claim(), claim()) == (second, None)
    finish(second)
    assert claim() == third


def test_requests_about_other_tags_run_beside_them():
    first, _, other = approved("alias a -> b"), approved("alias b -> c"), approved("alias x -> y")
    assert (claim(), claim(), claim()) == (first, other, None)


def test_an_alias_counts_as_what_it_stands_for():
    make_alias("a", "b")
    first, second = approved("update a -> x"), approved("update b -> y")
    assert (claim(), claim()) == (first, None)
    finish(first)
    assert claim() == second


def test_a_search_that_is_not_bounded_by_tags_runs_alone():
    before, alone, after = approved("alias a -> b"), approved("update id:1 -> x"), approved("alias c -> d")
    assert (claim(), claim()) == (before, None)
    finish(before)
    claimed = claim()
    assert (claimed, claim()) == (alone, None)
    finish(alone)
    assert claim() == after


def test_two_that_run_alone_do_not_run_at_once():
    first, second = approved("update id:1 -> x"), approved("update id:2 -> y")
    assert (claim(), claim()) == (first, None)
    finish(first)
    assert claim() == second


def test_a_search_that_some_tag_bounds_runs_beside_others():
    first, second = approved("update a id:1 -> x"), approved("update c -d -> y")
    assert (claim(), claim()) == (first, second)


def test_by_a_setting_all_run_one_at_a_time(settings):
    before = approved("alias e -> f")
    settings.DANBOORU_BULK_UPDATES_ONE_AT_A_TIME = True
    first, second = approved("alias a -> b"), approved("alias c -> d")
    for job in (before, first, second):
        assert (claim(), claim()) == (job, None)
        finish(job)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_approved_at_once_one_waits_for_the_other(settings):
    settings.DANBOORU_BULK_UPDATES_ONE_AT_A_TIME = True
    first, second = make_request("alias a -> b"), make_request("alias c -> d")
    admin = make_user(Level.ADMIN)

    def approve_second():
        try:
            BulkUpdateRequest.objects.get(pk=second.pk).approve(admin)
        finally:
            connection.close()

    thread = Thread(target=approve_second)
    with transaction.atomic():
        first.approve(admin)
        thread.start()
        wait_until_blocked("it to wait until the first approval is saved")
    thread.join(PATIENCE)
    assert claim() is not None
    assert claim() is None
