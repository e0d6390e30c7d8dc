"""What follows when a job has ended with an error."""

from __future__ import annotations

import pytest

from jobs.engine import aftercare
from jobs.engine.errors import JobActionError
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import perform_enqueued_jobs
from tests.jobs.engine.keyed_jobs import HookedJob, RetriedJob
from tests.jobs.engine.sample_jobs import FailingJob

pytestmark = pytest.mark.django_db


def test_the_class_is_told_with_the_arguments(calls):
    HookedJob.enqueue("value", count=3)
    perform_enqueued_jobs()
    assert calls == [("ValueError: value is wrong", ("value",), {"count": 3})]


def test_it_is_told_of_quiet_ends_too(calls):
    job = HookedJob.enqueue("key")
    perform_enqueued_jobs()
    job.refresh_from_db()
    assert calls == [("KeyError: 'key is wrong'", ("key",), {})]
    assert job.announced


def test_it_is_told_when_a_person_cancels_and_only_once(calls):
    HookedJob.enqueue("value").cancel()
    assert aftercare.take_care() == 1
    assert aftercare.take_care() == 0
    perform_enqueued_jobs()
    assert calls == [("JobCanceled: Canceled", ("value",), {})]


def test_it_is_told_again_after_a_retry_by_hand(calls):
    job = HookedJob.enqueue("value")
    perform_enqueued_jobs()
    job.refresh_from_db()
    job.retry()
    perform_enqueued_jobs()
    assert len(calls) == 2


def test_failed_jobs_can_be_destroyed(settings):
    settings.JOBS_DESTROY_FAILED = True
    FailingJob.enqueue()
    assert len(perform_enqueued_jobs()) == 1
    assert not BackgroundJob.objects.exists()


def discarded(*args):
    job = RetriedJob.using(lock_keys=["before"]).enqueue(*args)
    perform_enqueued_jobs()
    job.refresh_from_db()
    return job


def test_the_class_is_told_of_a_retry_and_gives_the_job_other_lock_keys(calls):
    job = discarded("now")
    job.retry()
    job.refresh_from_db()
    assert (calls, job.lock_keys, job.finished_at) == (["now"], ["now"], None)


def test_the_class_refuses_a_retry(calls):
    job = discarded("refused")
    with pytest.raises(JobActionError, match="not this one"):
        job.retry()
    job.refresh_from_db()
    assert job.finished_at
    assert (calls, job.lock_keys) == (["refused"], ["before"])


@pytest.mark.parametrize("gone", ["class", "record"])
def test_a_job_whose_class_or_record_is_gone_is_retried_all_the_same(gone):
    job = discarded("now")
    changes = {
        "class": {"job_class": "tests.nowhere.GoneJob"},
        "record": {"arguments": {"args": [{"_model": "booru.user", "pk": 0}]}},
    }
    BackgroundJob.objects.filter(pk=job.pk).update(**changes[gone])
    job.refresh_from_db()
    job.retry()
    job.refresh_from_db()
    assert (job.finished_at, job.lock_keys) == (None, ["before"])
