from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from django_q.tasks import async_task

from jobs.engine.batches import new_batch
from jobs.engine.context import RequestContext, use_context
from jobs.engine.models import BackgroundJob, JobStatus, Pause, PauseKind
from jobs.engine.testing import job_mode
from tests.support.mode_jobs import (
    BatchDoneJob,
    DuplicateJob,
    GreetJob,
    HookJob,
    NestingJob,
    ParentJob,
    plain,
)
from tests.support.sample_jobs import ContextJob, FailingJob, FlakyJob, PatientJob, SessionJob

pytestmark = pytest.mark.django_db


@pytest.fixture
def inline(settings):
    settings.JOBS_MODE = "inline"


def status(job):
    return BackgroundJob.objects.annotate_status().get(pk=job.pk).status_now


@pytest.mark.parametrize("mode", ["external", "testing", "async"])
def test_other_modes_only_save_the_row(settings, mode, calls):
    settings.JOBS_MODE = mode
    assert status(GreetJob.enqueue("Mia")) == JobStatus.QUEUED
    assert calls == []


def test_an_unknown_mode_is_refused(settings):
    settings.JOBS_MODE = "inlined"
    with pytest.raises(ImproperlyConfigured, match="must be one of external, async, inline, testing"):
        GreetJob.enqueue("Mia")


def test_inline_performs_at_once_and_the_row_says_so(inline, calls):
    job = GreetJob.enqueue("Mia", loud=True)
    assert calls == [("Mia", True)]
    assert status(job) == JobStatus.SUCCEEDED
    assert job.finished_at
    assert job.attempts == 1


def test_inline_does_not_outlive_its_test_part_1(inline, calls):
    GreetJob.enqueue("Mia")
    assert calls


def test_inline_does_not_outlive_its_test_part_2(calls):
    assert status(GreetJob.enqueue("Mia")) == JobStatus.QUEUED
    assert calls == []


def test_job_mode_holds_inside_its_block_only(calls):
    with job_mode("inline"):
        GreetJob.enqueue("Mia")
    GreetJob.enqueue("Bella")
    assert calls == [("Mia", False)]


def test_job_mode_is_put_back_after_an_error():
    with pytest.raises(ValueError, match="it is broken"), job_mode("inline"):
        FailingJob.enqueue()
    assert status(FailingJob.enqueue()) == JobStatus.QUEUED


def test_job_mode_knows_the_modes():
    with pytest.raises(ValueError, match="inlined"):
        job_mode("inlined")


def test_inline_jobs_know_their_request_and_their_parent(inline, calls):
    with use_context(RequestContext(request_id="abc")):
        ContextJob.enqueue(children=1)
    (context, parent, _), (inherited, child, _) = calls
    assert context.request_id == inherited.request_id == "abc"
    assert child.parent_id == parent.pk


def test_inline_jobs_that_enqueue_each_other_are_nested(inline, calls):
    NestingJob.enqueue(1)
    assert calls == ["1 begins", "0 begins", "0 ends", "1 ends"]


def test_inline_keeps_to_lock_keys(inline, calls):
    ParentJob.enqueue(2)
    assert calls == ["2 begins", "2 ends", "1 begins", "1 ends", "0 begins", "0 ends"]
    assert not BackgroundJob.objects.unfinished().exists()


def test_inline_jobs_of_later_wait(inline, calls):
    job = GreetJob.using(run_after=timedelta(hours=1)).enqueue("Mia")
    assert status(job) == JobStatus.SCHEDULED
    assert calls == []


@pytest.mark.parametrize(
    ("kind", "name"), [(PauseKind.QUEUE, "default"), (PauseKind.JOB_CLASS, GreetJob.path())]
)
def test_inline_jobs_that_are_paused_wait(inline, calls, kind, name):
    Pause.objects.create(kind=kind, name=name)
    assert status(GreetJob.enqueue("Mia")) == JobStatus.QUEUED
    assert calls == []


def test_an_inline_error_is_recorded_and_reaches_the_caller(inline):
    with pytest.raises(ValueError, match="oh no"):
        FailingJob.enqueue("oh no")
    job = BackgroundJob.objects.get()
    assert job.error == "ValueError: oh no"
    assert status(job) == JobStatus.DISCARDED
    assert job.failed_attempts.get().number == 1


def test_an_inline_error_of_the_database_is_recorded_too(inline):
    with pytest.raises(IntegrityError):
        DuplicateJob.enqueue()
    assert BackgroundJob.objects.get().error.startswith("IntegrityError")
    assert not ContentType.objects.filter(app_label="modes").exists()


def test_a_swallowed_error_that_broke_the_transaction_is_no_success(inline):
    with pytest.raises(TransactionManagementError, match=r"transaction\.atomic\(\)"):
        DuplicateJob.enqueue(careless=True)
    assert status(BackgroundJob.objects.get()) == JobStatus.DISCARDED


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_each_statement_of_an_inline_job_stays(inline):
    DuplicateJob.enqueue(careless=True)
    assert ContentType.objects.filter(app_label="modes").count() == 1
    assert status(BackgroundJob.objects.get()) == JobStatus.SUCCEEDED


@pytest.mark.django_db(transaction=True)
def test_an_inline_error_takes_its_callers_transaction_back(inline):
    with pytest.raises(ValueError, match="it is broken"), transaction.atomic():
        FailingJob.enqueue()
    assert not BackgroundJob.objects.exists()
    with pytest.raises(ValueError, match="it is broken"):
        FailingJob.enqueue()
    assert BackgroundJob.objects.get().error == "ValueError: it is broken"


def test_inline_tries_again_when_there_is_no_wait(inline):
    job = FlakyJob.enqueue(succeed_at=3)
    assert (status(job), job.attempts) == (JobStatus.SUCCEEDED, 3)


def test_the_last_inline_attempt_reaches_the_caller(inline):
    with pytest.raises(ConnectionError, match="attempt 3"):
        FlakyJob.enqueue(succeed_at=9)


def test_an_inline_retry_with_a_wait_waits(inline):
    job = PatientJob.enqueue()
    assert (status(job), job.attempts) == (JobStatus.RETRIED, 1)


def test_what_is_discarded_quietly_does_not_reach_the_caller(inline, calls):
    job = HookJob.enqueue("key")
    assert job.error == "KeyError: 'key'"
    assert calls == [("KeyError", "key")]


def test_a_missing_record_does_not_reach_the_caller(inline):
    session = Session.objects.create(session_key="abc", session_data="", expire_date=timezone.now())
    Session.objects.all().delete()
    job = SessionJob.enqueue(session)
    assert job.error == "MissingArgument: Session #abc no longer exists"


def test_inline_calls_the_hook_of_a_discarded_job(inline, calls):
    with pytest.raises(ValueError, match="value"):
        HookJob.enqueue("value")
    assert calls == [("ValueError", "value")]


def test_many_inline_jobs_at_once(inline, calls):
    GreetJob.enqueue_many([("Mia",), ("Bella",)])
    assert calls == [("Mia", False), ("Bella", False)]


def test_inline_performs_plain_tasks(inline, calls):
    async_task(plain, 1)
    assert calls == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_an_unknown_mode_is_refused_before_anything_is_saved(settings):
    settings.JOBS_MODE = "inlined"
    with pytest.raises(ImproperlyConfigured):
        GreetJob.enqueue("Mia")
    assert not BackgroundJob.objects.exists()


def test_an_inline_batch_in_a_transaction_calls_back_at_the_end_of_its_block(inline, calls):
    with new_batch("greetings", on_finish=BatchDoneJob) as batch:
        GreetJob.using(batch=batch).enqueue("Mia")
    assert calls == [("Mia", False), "greetings is done"]


@pytest.mark.django_db(transaction=True)
def test_an_inline_batch_calls_back_once_at_its_end(inline, calls):
    with new_batch("greetings", on_finish=BatchDoneJob) as batch:
        for name in ("Mia", "Bella"):
            GreetJob.using(batch=batch).enqueue(name)
    assert calls == [("Mia", False), ("Bella", False), "greetings is done"]
    assert not connection.in_atomic_block
