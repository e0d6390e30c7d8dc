"""Why a job is not running."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from jobs.engine.insight.explain import explain
from jobs.engine.models import BackgroundJob, Hold, JobProgress, PauseKind, WorkerCluster
from jobs.engine.pauses import pause
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.database_clock import stand_still
from tests.support.keyed_jobs import LockedJob
from tests.support.sample_jobs import BulkNoteJob, OtherJob, PatientJob, RecordJob

pytestmark = pytest.mark.django_db

TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC"


def cluster(workers: int = 2, queue: str = "*", **values) -> WorkerCluster:
    defaults = {"host": "web", "pid": 10, "sentinel_pid": 11, "status": "Idle", "started_at": timezone.now()}
    pids = list(range(100, 100 + workers))
    return WorkerCluster.objects.create(
        pk=uuid.uuid4(), worker_pids=pids, queue_name=queue, **defaults | values
    )


def run(job: BackgroundJob, on: WorkerCluster | None = None) -> BackgroundJob:
    """Let it run, as far as its row says."""
    claimed_by = on.pk if on else uuid.uuid4()
    BackgroundJob.objects.filter(pk=job.pk).update(
        performed_at=Now() - timedelta(seconds=3), attempts=1, claimed_by=claimed_by, worker_pid=100
    )
    return job


def test_a_job_explains_itself():
    job = RecordJob.using(run_after=timedelta(hours=3)).enqueue()
    assert job.explain() == explain(job) != ""


def test_its_time_has_not_come():
    job = RecordJob.using(run_after=timedelta(hours=3, minutes=5)).enqueue()
    assert re.fullmatch(f"scheduled for {TIME}, in 3 hours", explain(job))
    assert explain(RecordJob.using(run_after=timedelta(hours=5)).enqueue()).endswith("in 5 hours")
    assert explain(RecordJob.using(run_after=timedelta(seconds=9)).enqueue()).endswith("in 8 seconds")
    pause(PauseKind.QUEUE, "default")
    assert re.fullmatch(
        f"scheduled for {TIME}, in 3 hours; its queue default is paused \\(since {TIME}\\)", explain(job)
    )


def test_it_is_tried_again_later():
    job = PatientJob.enqueue()
    perform_enqueued_jobs()
    failed = "attempt 1 of 3 failed with ConnectionError: attempt 1"
    assert re.fullmatch(f"will be tried again at {TIME}, in [0-9]+ seconds; {failed}", explain(job))
    BackgroundJob.objects.update(job_class="gone.Job", error="ValueError: a\nb " + "x" * 200)
    assert re.search(r"; attempt 1 failed with ValueError: a b x+…$", explain(job))


def test_it_is_left_to_a_worker_that_has_its_code():
    job = RecordJob.using(run_after=timedelta(hours=1)).enqueue()
    BackgroundJob.objects.update(attempts=1, error="JobNotHere: there is no job class no.such.Job")
    why = "the last one has no code for it \\(there is no job class no.such.Job\\)"
    assert re.fullmatch(f"will be offered to another worker at {TIME}, in [0-9a-z ]+: {why}", explain(job))


def test_its_queue_or_class_is_paused():
    job, other = RecordJob.enqueue(), OtherJob.enqueue()
    pause(PauseKind.QUEUE, "default", by="mia")
    pause(PauseKind.JOB_CLASS, OtherJob.path())
    assert re.fullmatch(f"its queue default is paused \\(by mia since {TIME}\\)", explain(job))
    assert re.fullmatch(f"its class is paused \\(since {TIME}\\)", explain(other))


def test_its_lock_key_is_taken():
    first, second, third = (LockedJob.enqueue(n, "bur:5") for n in range(3))
    assert explain(second) == (
        f"waits for the lock key bur:5 behind job {first.pk} (Locked), which was enqueued earlier"
    )
    run(first)
    held = f"waits for the lock key bur:5, held by job {first.pk} \\(Locked, running since {TIME}\\)"
    assert re.fullmatch(held, explain(second))
    assert re.fullmatch(held, explain(third))
    BackgroundJob.objects.filter(pk=second.pk).update(held=Hold.LOCK)
    first.delete()
    second.refresh_from_db()
    assert explain(second) == "no worker works the queue default"
    BackgroundJob.objects.filter(pk=second.pk).update(held=Hold.LOCK)
    assert "held for a reason that has passed" in explain(second)


def test_no_worker_works_its_queue():
    job = OtherJob.enqueue()
    cluster(queue="default")
    cluster(beat_at=timezone.now() - timedelta(minutes=1))
    cluster(status="Stopping")
    assert explain(job) == "no worker works the queue other"
    cluster(queue="other")
    assert explain(job) == "next in line"


def test_no_worker_may_take_it(settings):
    job = OtherJob.enqueue()
    cluster()
    settings.JOBS_MAX_PRIORITY = 0
    assert explain(job) == "no worker may take it, by the limit of its queue other or its priority 5"
    settings.JOBS_MAX_PRIORITY, settings.JOBS_QUEUE_LIMITS = None, {"other": 0}
    assert explain(job) == "no worker may take it, by the limit of its queue other or its priority 5"


def test_the_workers_are_busy():
    job = RecordJob.enqueue()
    web = cluster()
    run(OtherJob.enqueue(), web)
    assert explain(job) == "next in line"
    run(OtherJob.enqueue(), web)
    assert explain(job) == "all 2 workers are busy; it is next in line"
    RecordJob.using(priority=-1).enqueue()
    assert explain(job) == "all 2 workers are busy; 1 job is before it"
    web.worker_pids = [100]
    web.save()
    assert explain(job) == "the only worker is busy; 1 job is before it"


def test_its_queue_is_at_its_limit():
    job = BulkNoteJob.enqueue()
    web = cluster()
    assert explain(job) == "next in line"
    run(OtherJob.enqueue(), web)
    assert explain(job) == "next in line"
    run(BulkNoteJob.enqueue(), web)
    assert explain(job) == "all 2 workers are busy; it is next in line"
    web.worker_pids = [100, 101, 102, 103]
    web.save()
    assert explain(job) == "next in line"
    run(BulkNoteJob.enqueue(), web)
    run(BulkNoteJob.enqueue(), web)
    BackgroundJob.objects.filter(queue_name="other").delete()
    assert explain(job) == "3 jobs run of its queue bulk_update, which is its limit; it is next in line"


def test_others_are_before_it():
    cluster()
    RecordJob.using(run_after=timedelta(hours=1)).enqueue()
    late = RecordJob.using(priority=3).enqueue()
    first, second = RecordJob.enqueue(), RecordJob.enqueue()
    BackgroundJob.objects.filter(pk__in=[first.pk, second.pk]).update(run_after=late.run_after)
    assert explain(first) == "next in line"
    assert explain(second) == "1 job is before it"
    assert explain(late) == "2 jobs are before it"
    OtherJob.using(priority=0).enqueue()
    assert explain(late) == "3 jobs are before it"
    pause(PauseKind.QUEUE, "other")
    assert explain(late) == "2 jobs are before it"
    RecordJob.enqueue_many([(n,) for n in range(1001)])
    assert explain(late) == "more than 1000 jobs are before it"


def test_other_queues_do_not_matter_to_a_cluster_of_one_queue():
    cluster(queue="other")
    job = OtherJob.enqueue()
    RecordJob.using(priority=-5).enqueue()
    assert explain(job) == "next in line"


def test_where_it_runs():
    stand_still()
    web = cluster()
    job = run(RecordJob.enqueue(), web)
    assert explain(job) == "running on web:100 for 3 seconds"
    progress = JobProgress.objects.create(job=job, done=5, total=10, text="posts")
    assert explain(job) == "running on web:100 for 3 seconds, 5 of 10: posts"
    JobProgress.objects.filter(pk=progress.pk).update(total=None, text="")
    assert explain(job) == "running on web:100 for 3 seconds, 5"
    job.cancel()
    assert explain(job).endswith(", 5; it was asked to stop 0 seconds ago, and will at its next safe point")
    WorkerCluster.objects.update(beat_at=Now() - timedelta(seconds=90))
    assert "; its workers were not heard of for 1 minute;" in explain(job)
    assert explain(run(OtherJob.enqueue())) == "running on process 100 for 3 seconds"


def test_there_is_nothing_to_explain_about_what_has_finished():
    done, deleted = RecordJob.enqueue(), OtherJob.enqueue()
    BackgroundJob.objects.filter(pk=deleted.pk).delete()
    perform_enqueued_jobs()
    assert explain(done) == ""
    assert explain(deleted) == ""


def test_the_place_in_a_long_line_is_found_without_reading_it():
    cluster()
    first = RecordJob.enqueue()
    with connection.cursor() as cursor:
        cursor.execute("""
            INSERT INTO background_jobs (id, job_class, arguments, context, options, queue_name, priority,
                attempts, attempts_before_retry, crashes, labels, announced)
            SELECT gen_random_uuid(), 'a.Job', '{}', '{}', '{}', 'default', n % 3, 0, 0, 0, '{}', false
            FROM generate_series(1, 50000) AS n
        """)
    BackgroundJob.objects.filter(pk=first.pk).update(run_after=F("run_after") - timedelta(minutes=1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE background_jobs")
        cursor.execute("SELECT pg_stat_get_xact_tuples_returned('background_jobs_lanes'::regclass)")
        before = cursor.fetchone()[0]
        assert explain(first) == "next in line"
        cursor.execute("SELECT pg_stat_get_xact_tuples_returned('background_jobs_lanes'::regclass)")
        assert cursor.fetchone()[0] - before < 5000
