"""Lock keys, unique keys and what is put aside."""

from __future__ import annotations

import os
import uuid
from datetime import timedelta

import pytest
from django.db import connection

from jobs.engine.errors import JobActionError
from jobs.engine.models import BackgroundJob, Hold, Pause
from jobs.engine.queue import holds
from jobs.engine.queue.claims import claim_next, finish_and_claim_next, has_work
from jobs.engine.queue.lanes import Lanes
from jobs.engine.queue.scope import Scope, Worker
from jobs.engine.testing import perform_enqueued_jobs
from jobs.engine.worker import this_process
from jobs.engine.worker.execution import run
from tests.support.keyed_jobs import LockedJob, UniqueJob
from tests.support.sample_jobs import FailingJob, OtherJob, PatientJob, RecordJob

pytestmark = pytest.mark.django_db
# Jobs of one key.
WAITING = 2000


def worker():
    return Worker(this_process.cluster_id(), os.getpid())


def claim():
    return claim_next(worker())


def locked(*keys, **options):
    return RecordJob.using(lock_keys=keys, **options).enqueue()


def test_jobs_that_share_a_lock_key_run_one_at_a_time_in_the_order_they_came():
    first, second, third = locked("a"), locked("a"), locked("a")
    assert claim() == first
    assert claim() is None
    assert set(BackgroundJob.objects.filter(held=Hold.LOCK)) == {second, third}
    run(BackgroundJob.objects.get(pk=first.pk))
    assert claim() == second
    assert claim() is None


def test_jobs_with_other_keys_run_beside_them():
    first, _, other, none = locked("a"), locked("a"), locked("b"), RecordJob.enqueue()
    assert [claim(), claim(), claim(), claim()] == [first, other, none, None]


def test_a_job_waits_for_each_of_its_keys():
    a, b, both, behind = locked("a"), locked("b"), locked("a", "b"), locked("b")
    claimed_a, claimed_b = claim(), claim()
    assert (claimed_a, claimed_b, claim()) == (a, b, None)
    run(claimed_b)
    assert claim() is None, "b is free, but the job that waits for both goes first"
    run(claimed_a)
    claimed = claim()
    assert (claimed, claim()) == (both, None)
    run(claimed)
    assert claim() == behind


@pytest.mark.parametrize("end", ["cancel", "delete", "sql"])
def test_whatever_ends_a_job_frees_its_keys(end):
    first, second = locked("a"), locked("a")
    claimed = claim()
    assert claim() is None
    if end == "cancel":
        BackgroundJob.objects.filter(pk=first.pk).update(performed_at=None, claimed_by=None)
        first.cancel()
    elif end == "delete":
        claimed.delete()
    else:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM background_jobs WHERE id = %s", [first.pk])
    assert claim() == second


def test_a_job_that_is_to_be_tried_again_keeps_its_place():
    first = PatientJob.using(lock_keys=["a"]).enqueue()
    second = locked("a")
    run(claim())
    first.refresh_from_db()
    assert (first.performed_at, first.attempts) == (None, 1)
    assert claim() is None
    first.cancel()
    assert claim() == second


def test_a_scheduled_job_does_not_hold_up_those_that_are_due():
    locked("a", run_after=timedelta(hours=1))
    due = locked("a")
    assert claim() == due


def test_a_backlog_of_one_key_is_put_aside_at_once():
    LockedJob.enqueue_many([(n, "a") for n in range(50)])
    claim()
    claim()
    assert BackgroundJob.objects.filter(held=Hold.LOCK).count() == 49
    assert not has_work(Scope())


def test_jobs_are_enqueued_in_bulk_with_their_own_keys():
    ids = LockedJob.enqueue_many([(1, "a"), (2, "b")])
    keys = {job.pk: job.lock_keys for job in BackgroundJob.objects.all()}
    assert [keys[pk] for pk in ids] == [["a"], ["b"]]


def test_one_string_is_not_a_list_of_lock_keys():
    with pytest.raises(TypeError, match="list of strings"):
        RecordJob.using(lock_keys="abc").enqueue()


@pytest.mark.parametrize("hold", Hold)
def test_what_nothing_holds_any_more_is_taken_back(hold):
    job = locked("a")
    BackgroundJob.objects.filter(pk=job.pk).update(held=hold)
    assert claim() is None
    assert holds.free_the_forgotten() == 1
    assert claim() == job


def test_while_a_unique_job_is_unfinished_enqueueing_gives_that_one():
    first = UniqueJob.enqueue(1)
    assert UniqueJob.enqueue(1) == first
    assert UniqueJob.enqueue(2) != first
    assert RecordJob.using(unique_key="unique:1").enqueue() == first
    perform_enqueued_jobs()
    assert UniqueJob.enqueue(1) != first


def test_a_discarded_unique_job_cannot_be_retried_while_another_is_there():
    discarded = FailingJob.using(unique_key="x").enqueue()
    perform_enqueued_jobs()
    discarded.refresh_from_db()
    FailingJob.using(unique_key="x").enqueue()
    with pytest.raises(JobActionError, match="another with its key x is there"):
        discarded.retry()


def test_many_unique_jobs_are_saved_once():
    ids = UniqueJob.enqueue_many([(1,), (1,), (2,)])
    assert ids[0] == ids[1] != ids[2]
    assert BackgroundJob.objects.count() == 2


def test_a_paused_class_is_put_aside_and_the_others_run():
    Pause.objects.create(kind="job_class", name=RecordJob.path())
    held, other = RecordJob.enqueue(), OtherJob.enqueue()
    assert claim() == other
    held.refresh_from_db()
    assert held.held == Hold.PAUSE


def test_a_paused_queue_is_left_out():
    Pause.objects.create(kind="queue", name="default")
    RecordJob.enqueue()
    other = OtherJob.enqueue()
    assert (claim(), claim()) == (other, None)


def test_a_scope_bounds_queues_and_priorities():
    low, high, other = (
        RecordJob.using(priority=7).enqueue(),
        RecordJob.using(priority=-7).enqueue(),
        OtherJob.enqueue(),
    )
    me = worker()
    assert claim_next(me, Scope(closed_queues=("default", "other"))) is None
    assert claim_next(me, Scope(queue_name="none")) is None
    assert claim_next(me, Scope(min_priority=6)) == low
    assert claim_next(me, Scope(max_priority=-6)) == high
    assert claim_next(me, Scope(queue_name="other")) == other


def test_a_job_that_has_waited_long_is_now_and_then_taken_before_better_ones():
    old = RecordJob.using(priority=50).enqueue()
    BackgroundJob.objects.filter(pk=old.pk).update(run_after=old.run_after - timedelta(hours=1))
    RecordJob.enqueue_many([(n,) for n in range(300)])
    lanes_of = [claim() for _ in range(200)]
    assert old in lanes_of, "one claim in ten asks for it: 200 misses are a miracle"


def test_priorities_are_kept_within_bounds():
    with pytest.raises(ValueError, match="from -100"):
        RecordJob.using(priority=101).enqueue()


def test_lanes_are_looked_up_again_when_they_run_dry():
    lanes = Lanes()
    lanes.look()
    assert lanes.count == 0
    RecordJob.enqueue()
    lanes.forget()
    assert lanes.prepare()
    assert lanes.prepare()
    assert lanes.count == 1


def test_two_workers_never_get_the_same_job():
    RecordJob.enqueue()
    assert claim_next(Worker(uuid.uuid4(), 1))
    assert claim_next(Worker(uuid.uuid4(), 2)) is None


@pytest.mark.parametrize("keys", [["a"], ["a", "b"]])
def test_what_a_job_frees_is_begun_without_looking_a_second_time(keys):
    jobs = [locked(*keys) for _ in range(4)]
    lanes, found = Lanes(), []
    job = finish_and_claim_next(None, worker(), lanes).job
    assert claim() is None
    while job:
        found.append(job)
        result = finish_and_claim_next(job, worker(), lanes)
        assert result.finished
        job = result.job
    assert found == jobs


def test_the_next_of_one_key_or_several_is_who_came_first():
    locked("a")
    running = claim()
    later = [locked("a", "b"), locked("a"), locked("b"), locked("a")]
    assert claim() is None
    found = [running]
    while job := finish_and_claim_next(found[-1], worker(), Lanes()).job:
        found.append(job)
    assert found == [running, *later]


def test_the_end_of_a_job_does_not_read_all_that_wait_for_its_key():
    RecordJob.using(lock_keys=["many"]).enqueue_many([(number,) for number in range(WAITING)])
    first, lanes = claim(), Lanes()
    assert claim() is None
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE background_jobs")
    before = rows_read()
    assert finish_and_claim_next(first, worker(), lanes).job
    assert rows_read() - before < WAITING / 4


def rows_read():
    """Of the table, in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables
            WHERE relname = 'background_jobs'
            """
        )
        return cursor.fetchone()[0]
