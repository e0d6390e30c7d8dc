"""Deleting old finished jobs."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F

from jobs.engine.models import BackgroundJob, JobAttempt, JobBatch, JobProgress
from jobs.engine.queue.claims import claim_next
from jobs.engine.queue.scope import Worker
from jobs.engine.retention import prune_jobs
from jobs.engine.testing import perform_enqueued_jobs
from jobs.engine.worker import this_process
from tests.support.at_once import at_once
from tests.support.keyed_jobs import ReportingJob
from tests.support.sample_jobs import FailingJob, RecordJob

pytestmark = pytest.mark.django_db

LONG_AGO = F("run_after") - timedelta(days=30)


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


def test_a_batch_stays_as_long_as_one_of_its_jobs():
    batch = JobBatch.objects.create()
    RecordJob.using(batch=batch).enqueue()
    JobBatch.objects.update(finished_at=F("enqueued_at") - timedelta(days=30))
    assert prune_jobs() == 0
    assert JobBatch.objects.exists()
    BackgroundJob.objects.update(finished_at=LONG_AGO)
    assert prune_jobs() == 1
    assert not JobBatch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_pruning_waits_for_nobody_and_keeps_nobody_waiting():
    RecordJob.enqueue_many([(n,) for n in range(12_000)])
    locked, waiting = BackgroundJob.objects.order_by("id").values_list("pk", flat=True)[:2]
    BackgroundJob.objects.exclude(pk=waiting).update(finished_at=LONG_AGO)
    pruned = []
    with transaction.atomic():
        BackgroundJob.objects.select_for_update().get(pk=locked)
        assert at_once(lambda: pruned.append(prune_jobs()), _claim) == [None, None]
    assert pruned == [11_998]
    assert prune_jobs() == 1
    assert BackgroundJob.objects.get().performed_at


def _claim() -> None:
    assert claim_next(Worker(this_process.cluster_id(), os.getpid()))
