"""Pausing, queue sizes and retention."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from jobs.engine.models import BackgroundJob, Hold, JobAttempt, JobBatch, JobProgress, PauseKind
from jobs.engine.pauses import pause, paused, resume
from jobs.engine.queues import COUNT_LIMIT, queue_sizes
from jobs.engine.retention import prune_jobs
from jobs.engine.testing import perform_enqueued_jobs
from tests.jobs.engine.keyed_jobs import ReportingJob
from tests.jobs.engine.sample_jobs import FailingJob, OtherJob, RecordJob

pytestmark = pytest.mark.django_db


def test_a_paused_queue_starts_nothing_until_it_is_resumed(calls):
    RecordJob.enqueue()
    assert pause(PauseKind.QUEUE, "default", by="Alice")
    assert not pause(PauseKind.QUEUE, "default")
    assert [str(row) for row in paused()] == ["queue default"]
    assert perform_enqueued_jobs() == []
    assert resume(PauseKind.QUEUE, "default")
    assert not resume(PauseKind.QUEUE, "default")
    assert len(perform_enqueued_jobs()) == 1


def test_a_paused_class_is_put_aside_at_once_and_taken_back():
    before = RecordJob.enqueue()
    pause(PauseKind.JOB_CLASS, RecordJob.path())
    after, other = RecordJob.enqueue(), OtherJob.enqueue()
    before.refresh_from_db()
    assert before.held == Hold.PAUSE
    assert perform_enqueued_jobs() == [other]
    resume(PauseKind.JOB_CLASS, RecordJob.path())
    assert perform_enqueued_jobs() == [before, after]


def test_what_waits_for_a_lock_key_goes_on_waiting():
    first = RecordJob.using(lock_keys=["a"]).enqueue()
    second = RecordJob.using(lock_keys=["a"]).enqueue()
    BackgroundJob.objects.filter(pk=first.pk).update(performed_at=F("run_after"))
    BackgroundJob.objects.filter(pk=second.pk).update(held=Hold.LOCK)
    pause(PauseKind.JOB_CLASS, RecordJob.path())
    resume(PauseKind.JOB_CLASS, RecordJob.path())
    second.refresh_from_db()
    assert second.held == Hold.LOCK


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_pause_needs_a_name(name):
    with pytest.raises(ValueError, match="needs a name"):
        pause(PauseKind.QUEUE, name)
    assert not resume(PauseKind.QUEUE, name)


def test_queues_are_counted():
    pause(PauseKind.QUEUE, "empty")
    RecordJob.enqueue_many([(n,) for n in range(3)])
    RecordJob.using(run_after=timedelta(hours=1)).enqueue()
    OtherJob.enqueue()
    BackgroundJob.objects.filter(queue_name="other").update(performed_at=F("run_after"))
    BackgroundJob.objects.filter(arguments__args=[0]).update(held=Hold.LOCK)
    BackgroundJob.objects.filter(arguments__args=[1]).update(run_after=F("run_after") - timedelta(minutes=5))
    sizes = {queue.name: queue for queue in queue_sizes()}
    default, other, empty = sizes["default"], sizes["other"], sizes["empty"]
    assert (default.waiting, default.scheduled, default.running) == (3, 1, 0)
    assert default.oldest_wait
    assert timedelta(minutes=5) <= default.oldest_wait < timedelta(minutes=6)
    assert (other.waiting, other.running, other.oldest_wait, other.is_paused) == (0, 1, None, False)
    assert (empty.waiting, empty.is_paused) == (0, True)


def test_counting_stops_where_it_says_enough():
    RecordJob.enqueue_many([(n,) for n in range(COUNT_LIMIT + 50)])
    assert queue_sizes()[0].waiting == COUNT_LIMIT + 1


def test_only_old_finished_jobs_are_pruned_with_what_belongs_to_them(settings):
    settings.JOBS_RETENTION = timedelta(days=2)
    batch = JobBatch.objects.create()
    ReportingJob.using(batch=batch).enqueue(2)
    FailingJob.enqueue()
    perform_enqueued_jobs()
    kept = RecordJob.enqueue()
    BackgroundJob.objects.update(enqueued_at=F("enqueued_at") - timedelta(days=9))
    assert prune_jobs() == 0
    BackgroundJob.objects.finished().update(finished_at=F("finished_at") - timedelta(days=3))
    JobBatch.objects.update(finished_at=F("enqueued_at") - timedelta(days=3))
    assert prune_jobs(timedelta(days=4)) == 0
    assert prune_jobs() == 2
    assert list(BackgroundJob.objects.all()) == [kept]
    assert not JobAttempt.objects.exists()
    assert not JobProgress.objects.exists()
    assert not JobBatch.objects.exists()


def test_an_end_that_nobody_followed_up_is_kept():
    job = FailingJob.enqueue()
    perform_enqueued_jobs()
    past = F("finished_at") - timedelta(days=30)
    BackgroundJob.objects.filter(pk=job.pk).update(finished_at=past, announced=False)
    assert prune_jobs() == 0


def test_a_lot_of_jobs_is_pruned_in_portions():
    RecordJob.enqueue_many([(n,) for n in range(5001)])
    BackgroundJob.objects.update(finished_at=F("run_after") - timedelta(days=30))
    assert prune_jobs() == 5001
