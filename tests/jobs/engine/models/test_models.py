from datetime import timedelta

import pytest

from jobs.engine.errors import JobActionError
from jobs.engine.models import BackgroundJob, JobStatus
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.sample_jobs import FailingJob, PatientJob, RecordJob

pytestmark = pytest.mark.django_db


def in_state(state):
    if state is JobStatus.SCHEDULED:
        return RecordJob.using(run_after=timedelta(hours=1)).enqueue()
    if state is JobStatus.QUEUED:
        return RecordJob.enqueue()
    if state is JobStatus.RUNNING:
        job = RecordJob.enqueue()
        BackgroundJob.objects.filter(pk=job.pk).update(performed_at=job.enqueued_at, attempts=1)
        return job
    job = {JobStatus.RETRIED: PatientJob, JobStatus.SUCCEEDED: RecordJob, JobStatus.DISCARDED: FailingJob}[
        state
    ]
    row = job.enqueue()
    perform_enqueued_jobs()
    return row


@pytest.mark.parametrize("state", JobStatus)
def test_a_job_is_in_exactly_one_state(state):
    job = in_state(state)
    assert BackgroundJob.objects.annotate_status().get(pk=job.pk).status_now == state
    assert [each for each in JobStatus if BackgroundJob.objects.with_status(each).exists()] == [state]


ALLOWED = {
    "cancel": {JobStatus.SCHEDULED, JobStatus.QUEUED, JobStatus.RETRIED, JobStatus.RUNNING},
    "run_now": {JobStatus.SCHEDULED, JobStatus.QUEUED, JobStatus.RETRIED},
    "retry": {JobStatus.DISCARDED},
}


@pytest.mark.parametrize("state", JobStatus)
@pytest.mark.parametrize("action", ALLOWED)
def test_each_action_is_for_its_states_only(action, state):
    job = in_state(state)
    if state in ALLOWED[action]:
        getattr(job, action)()
        return
    with pytest.raises(JobActionError, match=rf"{job.name} .* is {state}, so it cannot be"):
        getattr(job, action)()
    assert BackgroundJob.objects.annotate_status().get(pk=job.pk).status_now == state


def test_a_cancelled_job_is_discarded_and_says_so():
    job = RecordJob.enqueue()
    job.cancel()
    assert job.error == "JobCanceled: Canceled"
    assert perform_enqueued_jobs() == []


def test_run_now_does_not_wait():
    job = RecordJob.using(run_after=timedelta(hours=1)).enqueue()
    job.run_now()
    assert [each.pk for each in perform_enqueued_jobs()] == [job.pk]


def test_a_deleted_job_cannot_be_retried():
    job = FailingJob.enqueue()
    BackgroundJob.objects.all().delete()
    with pytest.raises(JobActionError, match="no longer exists"):
        job.retry()
