"""Batches and their callbacks."""

from __future__ import annotations

import pytest

from jobs.engine import batches
from jobs.engine.batches import new_batch
from jobs.engine.models import BackgroundJob, JobBatch
from jobs.engine.testing import assert_no_enqueued, enqueued_jobs, perform_enqueued_jobs
from tests.support.keyed_jobs import CheerJob, MournJob, TellJob
from tests.support.sample_jobs import FailingJob, FlakyJob, OtherJob, RecordJob

pytestmark = pytest.mark.django_db


def batch_of(*jobs, **options):
    with new_batch("things", on_finish=TellJob, on_success=CheerJob, on_discard=MournJob, **options) as batch:
        for job in jobs:
            job.using(batch=batch).enqueue()
    return batch


def callbacks():
    return [job.job_class.rsplit(".")[-1] for job in enqueued_jobs()]


def test_the_callback_is_enqueued_when_the_last_job_has_finished(calls):
    batch = batch_of(RecordJob, RecordJob, properties={"who": "me"})
    perform_enqueued_jobs(RecordJob)
    assert callbacks() == ["TellJob", "CheerJob"]
    perform_enqueued_jobs()
    assert calls[-1] == ("things", {"who": "me"})
    batch.refresh_from_db()
    assert batch.finished_at


def test_a_failure_calls_for_the_other_callback():
    batch_of(RecordJob, FailingJob)
    perform_enqueued_jobs(RecordJob)
    assert callbacks() == ["FailingJob"]
    perform_enqueued_jobs(FailingJob)
    assert callbacks() == ["TellJob", "MournJob"]


def test_a_job_that_is_tried_again_is_waited_for():
    batch_of(FlakyJob)
    perform_enqueued_jobs(FlakyJob)
    assert callbacks() == ["TellJob", "CheerJob"]


def test_nothing_is_called_twice():
    batch_of(RecordJob)
    perform_enqueued_jobs()
    assert batches.settle() == 0
    assert_no_enqueued()


def test_an_empty_batch_finishes_at_once():
    batch = batch_of()
    assert batches.settle() == 1
    assert callbacks() == ["TellJob", "CheerJob"]
    assert batch.jobs.count() == 0


@pytest.mark.parametrize("end", [BackgroundJob.cancel, BackgroundJob.delete])
def test_cancelled_and_deleted_jobs_are_not_waited_for(end):
    batch = batch_of(RecordJob)
    end(batch.jobs.get())
    assert batches.settle() == 1


def test_a_batch_that_is_still_being_filled_does_not_finish():
    with new_batch(on_finish=TellJob) as batch:
        RecordJob.using(batch=batch).enqueue()
        perform_enqueued_jobs()
        RecordJob.using(batch=batch).enqueue()
    perform_enqueued_jobs(RecordJob)
    assert callbacks() == ["TellJob"]


def test_an_error_in_the_block_leaves_nothing():
    def fill():
        with new_batch() as batch:
            RecordJob.using(batch=batch).enqueue()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fill()
    assert_no_enqueued()
    assert not JobBatch.objects.exists()


def test_a_callback_keeps_its_options_and_jobs_come_in_bulk():
    with new_batch(on_finish=TellJob.using(queue_name="reports", priority=3)) as batch:
        OtherJob.using(batch=batch).enqueue_many([(1,), (2,)])
    perform_enqueued_jobs(OtherJob)
    callback = enqueued_jobs(TellJob)[0]
    assert (callback.queue_name, callback.priority) == ("reports", 3)
