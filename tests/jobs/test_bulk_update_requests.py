import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.models import JSONField, Value

from booru.models import BulkUpdateRequestRevert, ForumPost, Level
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob
from jobs.engine.afterwards import hooks
from jobs.engine.errors import JobActionError, JobLost
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import enqueued_jobs, perform_enqueued_jobs
from tests.booru.bulk_update.trouble import Trouble
from tests.support.tag_factories import make_alias, make_implication, make_request, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def trouble(monkeypatch):
    return Trouble(monkeypatch)


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
    hooks.take_care()
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
    bur.job_was_discarded("WorkerDied: x")
    bur.refresh_from_db()
    assert bur.status == "processing"


def test_a_request_whose_workers_died_has_failed_and_says_so():
    bur, job = approved_request()
    bur.lines.update(status="running")
    BackgroundJob.objects.filter(pk=job.pk).update(
        error="WorkerDied: the worker process died while it ran the job", finished_at=job.enqueued_at
    )
    hooks.take_care()
    perform_enqueued_jobs()
    bur.refresh_from_db()
    assert (bur.status, bur.lines.get().status) == ("failed", "failed")
    assert "the worker that applied it died" in ForumPost.objects.latest("id").body


def test_a_request_whose_job_was_cancelled_before_it_began_says_so():
    _, job = approved_request()
    job.cancel()
    perform_enqueued_jobs()
    body = ForumPost.objects.latest("id").body
    assert "has failed before its first line." in body
    assert "Reason: its job was cancelled." in body


def test_an_error_of_the_database_that_passes_does_not_fail_the_request(trouble):
    trouble.with_tag("a", OperationalError("deadlock detected"))
    bur, job = approved_request()
    perform_enqueued_jobs()
    bur.refresh_from_db()
    job.refresh_from_db()
    assert (bur.status, bur.lines.get().status) == ("processing", "running")
    assert (job.finished_at, job.attempts) == (None, 1)
    trouble.is_over()
    perform_enqueued_jobs(scheduled=True)
    bur.refresh_from_db()
    assert (bur.status, trouble.moved) == ("approved", ["a"])


def test_an_error_of_the_database_that_stays_fails_the_request(trouble):
    trouble.with_tag("a", OperationalError("host 10.0.0.1 is away"))
    bur, job = approved_request()
    perform_enqueued_jobs(scheduled=True)
    bur.refresh_from_db()
    job.refresh_from_db()
    assert (bur.status, job.attempts) == ("failed", 5)
    assert bur.lines.get().error == "the database could not do it"


def failed_request(trouble, script="alias a -> b\nalias c -> d"):
    trouble.with_tag("c", ValueError("x"))
    bur = make_request(script)
    bur.approve(make_user(Level.ADMIN))
    (job,) = enqueued_jobs(ProcessBulkUpdateRequestJob)
    perform_enqueued_jobs()
    trouble.is_over()
    for record in (bur, job):
        record.refresh_from_db()
    return bur, job


def test_a_request_whose_job_is_retried_is_processing_at_once_and_goes_on(trouble):
    bur, job = failed_request(trouble)
    assert bur.status == "failed"
    job.retry()
    bur.refresh_from_db()
    assert (bur.status, [line.status for line in bur.lines.all()]) == ("processing", ["done", "pending"])
    perform_enqueued_jobs()
    bur.refresh_from_db()
    assert (bur.status, trouble.moved) == ("approved", ["c"])


def test_a_retried_job_waits_for_those_that_it_has_a_tag_in_common_with_now(trouble):
    bur, job = failed_request(trouble)
    before = job.lock_keys
    make_implication("b", "x")
    job.retry()
    job.refresh_from_db()
    assert {f"bur:{bur.pk}", "tag:a", "tag:b", "tag:c", "tag:d"} <= set(before)
    assert set(job.lock_keys) - set(before) == {"tag:x"}


def test_a_job_is_not_retried_when_the_request_was_approved_again(trouble):
    bur, job = failed_request(trouble)
    bur.approve(make_user(Level.ADMIN))
    with pytest.raises(JobActionError, match=f"BUR #{bur.pk} is processing"):
        job.retry()
    perform_enqueued_jobs()
    with pytest.raises(JobActionError, match=f"BUR #{bur.pk} is approved"):
        job.retry()
    job.refresh_from_db()
    assert job.finished_at


def test_a_job_is_not_retried_with_a_script_that_nobody_approved(trouble):
    bur, job = failed_request(trouble)
    bur.edit_script("alias x -> y")
    with pytest.raises(JobActionError, match="was edited since it was approved"):
        job.retry()
    bur.refresh_from_db()
    assert bur.status == "failed"


def test_a_job_is_not_retried_with_lines_that_cannot_be_applied_any_more(trouble):
    _, job = failed_request(trouble)
    make_alias("d", "z")
    with pytest.raises(JobActionError, match="d is already aliased to z"):
        job.retry()


def test_a_job_that_is_retried_before_the_request_heard_of_its_end_goes_on():
    bur, job = approved_request()
    job.cancel()
    job.retry()
    hooks.take_care()
    perform_enqueued_jobs()
    bur.refresh_from_db()
    assert bur.status == "approved"


def test_a_request_that_fails_leaves_the_error_on_its_job(trouble):
    trouble.with_tag("a", ValidationError("a rule is against it"))
    _, job = approved_request()
    perform_enqueued_jobs()
    job.refresh_from_db()
    assert "a rule is against it" in str(job.error)
    assert job.attempts == 1


def test_a_request_whose_job_is_deleted_has_failed(client):
    bur, job = approved_request()
    client.force_login(make_user(Level.ADMIN))
    client.post(f"/jobs/{job.pk}", {"_method": "delete"})
    perform_enqueued_jobs()
    bur.refresh_from_db()
    assert bur.status == "failed"
    assert "Reason: its job was deleted." in ForumPost.objects.latest("id").body


def test_a_job_is_not_retried_while_its_request_is_reverted(trouble):
    bur, job = failed_request(trouble)
    BulkUpdateRequestRevert.objects.request(bur, make_user(Level.ADMIN))
    with pytest.raises(JobActionError, match="is being reverted"):
        job.retry()
    perform_enqueued_jobs()
    job.retry()
    perform_enqueued_jobs()
    bur = type(bur).objects.get(pk=bur.pk)
    assert (bur.status, bur.is_reverted, trouble.moved) == ("approved", False, ["a", "c"])


def test_a_run_whose_job_another_worker_took_over_leaves_the_request_alone(trouble):
    trouble.with_tag("a", JobLost("another worker has taken the job over"))
    bur, _ = approved_request()
    with pytest.raises(JobLost):
        bur.process()
    assert (bur.status, bur.lines.get().status) == ("processing", "running")


def test_a_run_whose_job_was_deleted_has_failed(trouble):
    trouble.with_tag("a", JobLost("it was deleted"))
    bur, job = approved_request()
    job.delete()
    with pytest.raises(JobLost):
        bur.process()
    assert (bur.status, bur.lines.get().error) == ("failed", "its job was deleted")


@pytest.mark.parametrize(
    "arguments", [None, [1], {}, {"args": None}, {"args": []}, {"args": [5]}, {"args": [{"pk": 1}]}]
)
def test_a_row_of_any_shape_keeps_no_request_from_its_place(arguments: object) -> None:
    BackgroundJob.objects.create(
        job_class=ProcessBulkUpdateRequestJob.path(), arguments=Value(arguments, JSONField())
    )
    request = make_request("alias a -> b")
    request.approve(make_user(Level.ADMIN))
    assert list(ProcessBulkUpdateRequestJob.unfinished_except(make_request("alias c -> d"))) == [request.pk]
