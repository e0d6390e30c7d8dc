"""Giving back what workers did not finish, and whose fault that is."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from jobs.engine.models import BackgroundJob, JobProgress
from jobs.engine.queue import lost, results
from jobs.engine.queue.claims import claim_next
from jobs.engine.queue.scope import Worker
from jobs.engine.worker import this_process
from jobs.engine.worker.error_words import failure_of
from jobs.engine.worker.execution import run
from tests.support.sample_jobs import FlakyJob, RecordJob

pytestmark = pytest.mark.django_db


def worker():
    return Worker(this_process.cluster_id(), os.getpid())


def start():
    job = claim_next(worker())
    assert job
    return job


def dies():
    return lost.release_lost(this_process.cluster_id(), alive=[])


def report(job, done):
    values = {"done": done, "updated_at": job.performed_at}
    JobProgress.objects.update_or_create(job=job, defaults=values)


def test_the_third_death_of_its_worker_discards_a_job():
    RecordJob.enqueue()
    for death in range(3):
        start()
        assert dies() == lost.Released(requeued=int(death < 2), discarded=int(death == 2))


def test_a_death_with_the_whole_cluster_is_not_the_jobs_fault():
    RecordJob.enqueue()
    for _ in range(5):
        start()
        assert lost.release_cut_off([this_process.cluster_id()]) == lost.Released(1, 0)
    job = BackgroundJob.objects.get()
    assert (job.crashes, job.attempts, job.attempts_before_retry) == (0, 5, 5)
    assert "were cut off" in job.failed_attempts.last().message


def test_a_job_that_comes_farther_each_time_may_lose_any_number_of_workers():
    RecordJob.enqueue()
    for run_number in range(1, 6):
        report(start(), run_number * 10)
        assert dies() == lost.Released(1, 0)
    assert BackgroundJob.objects.get().crashes == 0


def test_a_job_that_dies_in_the_same_place_is_discarded_whatever_it_reports():
    RecordJob.enqueue()
    deaths = 0
    while not BackgroundJob.objects.get().finished_at:
        deaths += 1
        report(start(), 50)
        dies()
    assert deaths == 4


def test_what_a_job_reported_in_an_earlier_run_does_not_count():
    RecordJob.enqueue()
    report(start(), 50)
    dies()
    for _ in range(3):
        start()
        dies()
    assert BackgroundJob.objects.get().finished_at


@pytest.mark.parametrize("stop", [lambda: lost.release_stopped(this_process.cluster_id()), None])
def test_stops_use_up_no_attempts(stop):
    FlakyJob.enqueue(succeed_at=9)
    for _ in range(4):
        start()
        stop() if stop else lost.release_unstarted(worker())
    for attempt in range(3):
        job = start()
        assert isinstance(run(job), ConnectionError)
        job.refresh_from_db()
        assert bool(job.finished_at) is (attempt == 2), "the three attempts of its policy are all its own"


def test_each_end_is_written_once_and_known_again():
    """When the connection breaks after the commit, a worker asks for the same again."""
    failure = failure_of(ValueError("x"))
    for end in (
        results.finish,
        lambda job: results.discard(job, failure),
        lambda job: results.retry_later(job, failure, delay=job.queue_delay),
    ):
        BackgroundJob.objects.all().delete()
        RecordJob.enqueue()
        job = start()
        assert [end(job), end(job)] == [True, True]
        assert job.failed_attempts.count() <= 1
        BackgroundJob.objects.update(claimed_by=None, attempts=9)
        job.failed_attempts.all().delete()
        assert not end(job), "another has it now"


UNREADABLE = {
    "digits": """('{"args": [' || repeat('9', 5000) || ']}')::jsonb""",
    "depth": """('{"args": ' || repeat('[', 5000) || repeat(']', 5000) || '}')::jsonb""",
}


@pytest.mark.parametrize("keys", [(), ("a",)])
@pytest.mark.parametrize("what", UNREADABLE)
def test_a_row_that_cannot_be_read_is_discarded_as_such(what, keys):
    job = RecordJob.using(lock_keys=keys).enqueue()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_stack_depth = '2MB'")
        cursor.execute(f"UPDATE background_jobs SET arguments = {UNREADABLE[what]} WHERE id = %s", [job.pk])
    run(start())
    rows = BackgroundJob.objects.filter(pk=job.pk, finished_at__isnull=False)
    error, attempts = rows.values_list("error", "attempts").get()
    # Newer Pythons can read what is too deep to be arguments.
    assert error.startswith(
        ("UnreadableJob: it", "UnreadableArguments: the row does not hold arguments: Recursion")
    )
    assert attempts == 1


def test_a_row_that_the_driver_cannot_read_is_discarded_and_others_go_back():
    bad, good = RecordJob.enqueue(), RecordJob.enqueue()
    for _ in range(2):
        start()
    BackgroundJob.objects.filter(pk=bad.pk).update(cron_at=None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE background_jobs SET run_after = '-infinity' WHERE id = %s", [bad.pk])
    lost.give_back_unread(worker())
    errors = dict(BackgroundJob.objects.values_list("pk", "error"))
    assert errors[bad.pk].startswith("UnreadableJob: ")
    good.refresh_from_db()
    assert (good.performed_at, good.finished_at, good.crashes) == (None, None, 0)
