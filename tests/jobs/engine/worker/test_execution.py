import time
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db.models.signals import post_save
from django.utils import timezone
from django_q.models import Task
from django_q.tasks import async_chain, async_task, result

from jobs.engine.errors import ArgumentError, Postponed
from jobs.engine.insight.explain import explain
from jobs.engine.models import BackgroundJob, JobAttempt, JobStatus
from jobs.engine.queue.claims import claim_next
from jobs.engine.queue.scope import Worker
from jobs.engine.testing import perform_enqueued_jobs
from jobs.engine.worker import this_process
from jobs.engine.worker.execution import run
from tests.support.sample_jobs import (
    EndlessJob,
    ExitingJob,
    FailingJob,
    FlakyJob,
    OtherJob,
    PatientJob,
    PostponingJob,
    RecordJob,
    SessionJob,
    UnboundedJob,
    double,
    note,
)

pytestmark = pytest.mark.django_db
ME = Worker(uuid4(), 1)


def status(job):
    return BackgroundJob.objects.annotate_status().get(pk=job.pk).status_now


def test_success_is_recorded_in_the_row_and_nowhere_else(calls):
    job = RecordJob.enqueue(1)
    assert status(job) == JobStatus.QUEUED
    (job,) = perform_enqueued_jobs()
    assert calls == [((1,), {})]
    assert status(job) == JobStatus.SUCCEEDED
    assert (job.attempts, job.error) == (1, None)
    assert job.enqueued_at <= job.performed_at <= job.finished_at
    assert job.duration >= timedelta(0)
    assert job.queue_delay >= timedelta(0)
    assert not JobAttempt.objects.exists()


def test_what_is_put_off_is_no_attempt(calls):
    job = PostponingJob.enqueue(5)
    (done,) = perform_enqueued_jobs()
    assert status(job) == JobStatus.RETRIED
    assert done.run_after - done.updated_at == timedelta(hours=1)
    assert explain(done).endswith(": not the time for it")
    assert not JobAttempt.objects.exists()

    perform_enqueued_jobs(scheduled=True)
    # Five times not the time, one failure, one success: with two attempts allowed.
    assert calls == [1, 2, 3, 4, 5, 6, 7]
    assert status(job) == JobStatus.SUCCEEDED
    assert JobAttempt.objects.count() == 1


def test_what_bounds_itself_is_not_interrupted(calls):
    UnboundedJob.enqueue()
    (job,) = perform_enqueued_jobs()
    assert calls == ["whole"]
    assert job.error.startswith("JobTimeout")
    assert this_process.seat.deadline.value == 0


def test_an_error_that_the_database_cannot_hold_is_recorded_readably():
    FailingJob.enqueue("a <NUL> and <HALF>")
    (job,) = perform_enqueued_jobs()
    assert job.error == r"ValueError: a \0 and \ud800"


def test_an_error_discards_the_job():
    job = FailingJob.enqueue("oh no")
    (job,) = perform_enqueued_jobs()
    assert status(job) == JobStatus.DISCARDED
    assert job.error == "ValueError: oh no"
    (attempt,) = job.failed_attempts.all()
    assert (attempt.number, attempt.error_class, attempt.message) == (1, "ValueError", "oh no")
    assert "raise ValueError(" in attempt.backtrace
    assert attempt.duration >= timedelta(0)


def test_a_job_that_exits_is_discarded_and_the_worker_lives():
    ExitingJob.enqueue()
    RecordJob.enqueue()
    exiting, after = perform_enqueued_jobs()
    assert exiting.error == "SystemExit: 3"
    assert status(after) == JobStatus.SUCCEEDED


def test_a_missing_record_discards_quietly_and_logs(caplog):
    session = Session.objects.create(session_key="abc", session_data="", expire_date=timezone.now())
    SessionJob.enqueue(session)
    session.delete()
    with caplog.at_level("INFO", "jobs"):
        (job,) = perform_enqueued_jobs(raise_errors=False)
    assert status(job) == JobStatus.DISCARDED
    assert job.error == "MissingArgument: Session #abc no longer exists"
    assert "Session #abc no longer exists" in caplog.text
    assert not [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]


def test_a_class_that_is_gone_discards_the_job():
    job = RecordJob.enqueue()
    BackgroundJob.objects.update(job_class="tests.no_such.Job")
    (job,) = perform_enqueued_jobs()
    assert job.error == "UnknownJob: there is no job class tests.no_such.Job"


def test_a_row_cannot_make_a_worker_call_just_anything():
    RecordJob.enqueue()
    BackgroundJob.objects.update(job_class="os.getcwd")
    (job,) = perform_enqueued_jobs()
    assert job.error == "UnknownJob: os.getcwd is not a job class"


def test_a_retried_job_keeps_its_row_and_its_failed_attempts():
    job = FlakyJob.enqueue()
    performed = perform_enqueued_jobs()
    assert [each.pk for each in performed] == [job.pk] * 3
    job.refresh_from_db()
    assert status(job) == JobStatus.SUCCEEDED
    assert (job.attempts, job.error) == (3, None)
    assert [attempt.message for attempt in job.failed_attempts.all()] == ["attempt 1", "attempt 2"]


def test_the_last_attempt_discards():
    FlakyJob.enqueue(succeed_at=9)
    job = perform_enqueued_jobs()[-1]
    assert status(job) == JobStatus.DISCARDED
    assert (job.attempts, job.error) == (3, "ConnectionError: attempt 3")


def test_between_attempts_a_job_is_retried_and_waits():
    PatientJob.enqueue()
    (job,) = perform_enqueued_jobs()
    assert status(job) == JobStatus.RETRIED
    assert timedelta(seconds=50) < job.run_after - timezone.now() < timedelta(seconds=61)
    assert perform_enqueued_jobs() == []


def test_a_person_may_retry_after_the_last_attempt_and_gets_all_of_them_again():
    FlakyJob.enqueue(succeed_at=5)
    job = perform_enqueued_jobs()[-1]
    job.retry()
    job = perform_enqueued_jobs()[-1]
    assert status(job) == JobStatus.SUCCEEDED
    assert job.attempts == 5


def test_a_job_over_its_time_limit_is_stopped():
    EndlessJob.enqueue()
    started = time.monotonic()
    (job,) = perform_enqueued_jobs()
    assert time.monotonic() - started < EndlessJob.SECONDS
    assert job.error == "JobTimeout: the job ran longer than its limit of 0:00:00.200000"


def test_the_smaller_priority_runs_first_then_the_one_due_longest():
    RecordJob.using(priority=10).enqueue("low")
    RecordJob.enqueue("first")
    RecordJob.enqueue("second")
    RecordJob.using(priority=-1).enqueue("high")
    order = [job.arguments["args"][0] for job in perform_enqueued_jobs()]
    assert order == ["high", "first", "second", "low"]


def test_only_one_class_can_be_worked_off():
    RecordJob.enqueue()
    other = OtherJob.enqueue()
    assert [job.pk for job in perform_enqueued_jobs(only=OtherJob)] == [other.pk]


def test_scheduled_jobs_wait_unless_asked():
    RecordJob.using(run_after=timedelta(hours=1)).enqueue()
    assert perform_enqueued_jobs() == []
    assert len(perform_enqueued_jobs(scheduled=True)) == 1


def test_errors_can_be_raised_in_the_test():
    FailingJob.enqueue()
    with pytest.raises(ValueError, match="it is broken"):
        perform_enqueued_jobs(raise_errors=True)


def test_a_plain_task_runs_from_the_same_table(calls):
    task_id = async_task(double, 21, hook=note, task_name="doubling")
    job = BackgroundJob.objects.get()
    assert job.job_class == "tests.support.sample_jobs.double"
    assert job.arguments == {"args": [21]}
    perform_enqueued_jobs()
    assert result(task_id) == 42
    assert calls == [(42, True)]
    assert Task.objects.get().name == "doubling"


def test_a_plain_task_that_fails_is_discarded_and_reported():
    task_id = async_task("tests.support.sample_jobs.double", None)
    (job,) = perform_enqueued_jobs()
    assert job.error.startswith("TypeError")
    assert "TypeError" in result(task_id)


def test_a_chain_goes_on():
    async_chain([("tests.support.sample_jobs.double", (1,)), ("tests.support.sample_jobs.double", (2,))])
    assert len(perform_enqueued_jobs()) == 2
    assert sorted(Task.objects.values_list("result", flat=True)) == [2, 4]


def test_a_task_for_a_named_cluster_goes_to_its_queue():
    async_task(double, 1, cluster="other")
    assert BackgroundJob.objects.get().queue_name == "other"


@pytest.mark.parametrize(
    ("task", "options", "message"),
    [
        (partial(double, 1), {}, "cannot be found again by its name"),
        (double, {"cached": True}, "is not supported: results are kept in the database"),
        (double, {"number": object()}, "argument 'number' is of type object"),
    ],
)
def test_a_plain_task_that_cannot_be_kept_is_refused(task, options, message):
    with pytest.raises(ArgumentError, match=message):
        async_task(task, **options)
    assert not BackgroundJob.objects.exists()


@pytest.mark.parametrize("number", [21, None])
def test_a_death_while_a_plain_task_is_told_of_leaves_all_to_the_next_attempt(number):
    """Its row, its result, its hook and its chain are written down together, or none of them."""
    async_chain([("tests.support.sample_jobs.double", (number,)), ("math.sqrt", (4,))])
    job = claim_next(ME)

    def die(**_):
        raise SystemExit("killed")

    post_save.connect(die, sender=Task)
    try:
        with pytest.raises(SystemExit):
            run(job)
    finally:
        post_save.disconnect(die, sender=Task)
    job.refresh_from_db()
    assert job.finished_at is None
    assert BackgroundJob.objects.count() == 1
    assert not Task.objects.exists()
    run(job)
    assert BackgroundJob.objects.unfinished().get().job_class == "math.sqrt"
    assert Task.objects.get().success == (number is not None)


def test_a_hook_is_called_by_a_job_of_its_own(calls):
    task_id = async_task(double, 21, hook=note)
    run(claim_next(ME))
    assert (result(task_id), calls) == (42, [])
    perform_enqueued_jobs(raise_errors=True)
    assert calls == [(42, True)]


def wait_for_the_shop():
    raise Postponed("the shop is closed", timedelta(hours=1))


def test_a_plain_task_that_is_put_off_has_no_result_yet():
    async_task(wait_for_the_shop, chain=[("math.sqrt", (4,))])
    run(claim_next(ME))
    assert not Task.objects.exists()
    assert BackgroundJob.objects.get().finished_at is None
