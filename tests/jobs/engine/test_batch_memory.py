"""Batches remember what became of each job, whatever becomes of its row."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models.functions import Now
from django.test import Client

from booru.models import Level
from jobs.engine.base import Job
from jobs.engine.batches import new_batch, settle
from jobs.engine.errors import OptionError
from jobs.engine.models import BackgroundJob, JobBatch
from jobs.engine.retention import prune_jobs
from jobs.engine.testing import enqueued_jobs, perform_enqueued_jobs
from tests.support.factories import UserFactory
from tests.support.sample_jobs import FailingJob, RecordJob

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


class FinishJob(RecordJob): ...


class SuccessJob(RecordJob): ...


class DiscardJob(RecordJob): ...


def batch_of(*job_classes: type[Job]) -> JobBatch:
    with new_batch(on_finish=FinishJob, on_success=SuccessJob, on_discard=DiscardJob) as batch:
        for job_class in job_classes:
            job_class.using(batch=batch).enqueue()
    return batch


def perform(*job_classes: type[Job]) -> None:
    for job_class in job_classes:
        perform_enqueued_jobs(job_class)


def called() -> dict[str, int]:
    return {kind.__name__: len(enqueued_jobs(kind)) for kind in (FinishJob, SuccessJob, DiscardJob)}


FAILED = {"FinishJob": 1, "SuccessJob": 0, "DiscardJob": 1}


def test_a_job_that_failed_and_was_destroyed_has_failed(settings: Settings) -> None:
    settings.JOBS_DESTROY_FAILED = True
    batch_of(FailingJob, RecordJob)
    perform(FailingJob, RecordJob)
    assert called() == FAILED


def test_a_job_that_failed_and_was_deleted_has_failed() -> None:
    batch = batch_of(FailingJob, RecordJob)
    perform(FailingJob)
    admin = Client()
    admin.force_login(UserFactory(level=Level.ADMIN))
    (failed,) = batch.jobs.discarded()
    assert admin.delete(f"/jobs/{failed.pk}.json").status_code == 204
    perform(RecordJob)
    settle()
    assert called() == FAILED
    record = admin.get(f"/jobs/batches/{batch.pk}.json").json()
    assert (record["total"], record["done"], record["failed"], record["state"]) == (2, 2, 1, "discarded")


@pytest.mark.parametrize("how", ["object", "rows", "statement"])
def test_a_batch_whose_only_job_was_deleted_unrun_has_not_succeeded(how: str) -> None:
    batch = batch_of(RecordJob)
    match how:
        case "object":
            batch.jobs.get().delete()
        case "rows":
            batch.jobs.all().delete()
        case "statement":
            batch.jobs.all()._raw_delete("default")
    settle()
    assert called() == FAILED


def test_a_job_that_succeeded_and_was_deleted_has_succeeded() -> None:
    batch = batch_of(RecordJob, RecordJob)
    perform(RecordJob)
    JobBatch.objects.filter(pk=batch.pk).update(finished_at=None)
    batch.jobs.all().delete()
    batch.refresh_from_db()
    assert (batch.gone_succeeded, batch.gone_failed) == (2, 0)


def test_pruning_spares_the_jobs_of_batches_that_have_not_finished() -> None:
    batch = batch_of(FailingJob, RecordJob)
    perform(FailingJob)
    BackgroundJob.objects.finished().update(finished_at=Now() - timedelta(days=9), announced=True)
    assert prune_jobs() == 0
    perform(RecordJob)
    assert called() == FAILED
    assert prune_jobs() == 1
    batch.refresh_from_db()
    assert (batch.gone_succeeded, batch.gone_failed) == (0, 1)


def test_a_job_that_is_retried_settles_its_batch_anew() -> None:
    batch = batch_of(FailingJob, RecordJob)
    perform(FailingJob, RecordJob)
    assert called() == FAILED
    (failed,) = batch.jobs.discarded()
    failed.retry()
    batch.refresh_from_db()
    assert batch.finished_at is None
    settle()
    assert called() == FAILED
    BackgroundJob.objects.filter(pk=failed.pk).update(job_class=RecordJob.path())
    perform(RecordJob)
    assert called() == {"FinishJob": 2, "SuccessJob": 1, "DiscardJob": 1}
    batch.refresh_from_db()
    assert batch.finished_at


def enqueue_one(batch: Any) -> None:
    RecordJob.using(batch=batch).enqueue()


def enqueue_two(batch: Any) -> None:
    RecordJob.using(batch=batch).enqueue_many([(1,), (2,)])


@pytest.mark.parametrize("enqueue", [enqueue_one, enqueue_two])
def test_no_job_is_added_to_a_batch_that_has_finished(enqueue: Any) -> None:
    batch = batch_of(RecordJob)
    stale = JobBatch.objects.get(pk=batch.pk)
    enqueue(stale)
    perform(RecordJob)
    before = BackgroundJob.objects.count()
    with pytest.raises(OptionError, match="has finished; no job can be added"):
        enqueue(stale)
    for other in (JobBatch(), "batch", 5):
        with pytest.raises(OptionError, match="batch is"):
            enqueue(other)
    assert BackgroundJob.objects.count() == before
