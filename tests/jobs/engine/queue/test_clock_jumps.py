"""Jobs go on when the database's clock is set, ahead or back."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.engine.models import BackgroundJob
from jobs.engine.queue.claims import claim_next
from jobs.engine.queue.clock_jumps import Clocks
from jobs.engine.queue.scope import Worker
from tests.support.database_clock import stand_still
from tests.support.sample_jobs import RecordJob

pytestmark = pytest.mark.django_db

MINUTE, WHILE = timedelta(minutes=1), timedelta(days=30)
NOW = timezone.now()


@pytest.fixture
def clocks():
    """Has seen the right time, and then the wrong one."""
    clocks = Clocks()
    stand_still(NOW)
    clocks.watch()
    stand_still(NOW + WHILE)
    assert clocks.watch() == 0
    return clocks


def claimed():
    return claim_next(Worker(uuid.uuid4(), 3))


def wait_of(job):
    return BackgroundJob.objects.get(pk=job.pk).run_after - NOW


def test_what_was_enqueued_while_the_clock_was_ahead_comes_when_it_is_right_again(clocks):
    saved = [RecordJob.enqueue(1).pk, *RecordJob.enqueue_many([(2,)])]
    stand_still(NOW)
    assert claimed() is None
    assert clocks.watch() == 2
    assert {claimed().pk, claimed().pk} == set(saved)
    assert BackgroundJob.objects.filter(enqueued_at=NOW).count() == 2
    assert clocks.watch() == 0


def test_delays_count_from_when_they_were_asked_for_and_times_are_kept(clocks):
    named = [NOW + timedelta(days=2, microseconds=7), NOW + timedelta(days=70, microseconds=7)]
    delayed = RecordJob.using(run_after=5 * MINUTE).enqueue(1)
    times = [RecordJob.using(run_after=time).enqueue(2) for time in named]
    stand_still(NOW)
    assert clocks.watch() == 1
    assert wait_of(delayed) == 5 * MINUTE
    assert [wait_of(job) for job in times] == [time - NOW for time in named]


def test_a_retry_waits_as_long_as_it_was_to(clocks):
    job = RecordJob.enqueue()
    late = NOW + WHILE
    BackgroundJob.objects.update(
        attempts=1, enqueued_at=NOW - MINUTE, updated_at=late, run_after=late + timedelta(seconds=15.3)
    )
    stand_still(NOW)
    assert clocks.watch() == 1
    assert wait_of(job) == timedelta(seconds=15.3)


def test_a_cluster_that_was_not_there_to_see_it_sets_it_right_too():
    stand_still(NOW + WHILE)
    job = RecordJob.enqueue()
    stand_still(NOW)
    assert Clocks().watch() == 1
    assert claimed() == job


def test_nothing_is_looked_for_while_the_clock_goes_on(clocks, django_assert_num_queries):
    with django_assert_num_queries(1):
        clocks.watch()


def test_a_jump_ahead_starts_what_is_due_by_it_and_changes_no_delay():
    clocks = Clocks()
    stand_still(NOW)
    clocks.watch()
    soon = RecordJob.using(run_after=MINUTE).enqueue()
    later = RecordJob.using(run_after=2 * WHILE).enqueue()
    stand_still(NOW + WHILE)
    assert clocks.watch() == 0
    assert (claimed(), claimed()) == (soon, None)
    assert wait_of(later) == 2 * WHILE
