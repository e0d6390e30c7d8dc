import pytest

from booru.models import Level
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob
from jobs.engine import aftercare
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import enqueued_jobs, perform_enqueued_jobs
from tests.tag_factories import make_request, make_user

pytestmark = pytest.mark.django_db


def test_the_job_processes_its_request():
    bur = make_request("alias a -> b")
    bur.approve(make_user(Level.ADMIN))
    ProcessBulkUpdateRequestJob.call(bur)
    assert bur.status == "approved"


def approved_request():
    bur = make_request("alias a -> b")
    bur.approve(make_user(Level.ADMIN))
    return bur, enqueued_jobs(ProcessBulkUpdateRequestJob)[0]


def test_a_request_whose_job_is_cancelled_has_failed_and_can_be_approved_again():
    bur, job = approved_request()
    job.cancel()
    aftercare.take_care()
    perform_enqueued_jobs()
    bur.refresh_from_db()
    assert bur.status == "failed"
    bur.approve(make_user(Level.ADMIN))
    perform_enqueued_jobs()
    bur.refresh_from_db()
    assert bur.status == "approved"


def test_a_late_word_about_an_earlier_job_does_not_fail_the_next():
    bur, job = approved_request()
    BackgroundJob.objects.filter(pk=job.pk).update(error="WorkerDied: x", finished_at=job.enqueued_at)
    ProcessBulkUpdateRequestJob.enqueue(bur)
    bur.job_was_discarded()
    bur.refresh_from_db()
    assert bur.status == "processing"
