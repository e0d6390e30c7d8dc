from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import TestCase
from django.utils import timezone
from django_q.tasks import async_task

from jobs.engine.batches import new_batch
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import (
    assert_enqueued,
    assert_no_enqueued,
    capture_enqueued_jobs,
    enqueued_jobs,
    job_mode,
    perform_enqueued_jobs,
)
from tests.support.mode_jobs import (
    BatchDoneJob,
    DuplicateJob,
    GreetJob,
    HookJob,
    NestingJob,
    ParentJob,
    plain,
)
from tests.support.sample_jobs import FailingJob, OtherJob, PatientJob, RecordJob, SessionJob

pytestmark = pytest.mark.django_db


def pks(jobs):
    return [job.pk for job in jobs]


def test_what_waits_is_listed_in_the_order_it_came():
    first = GreetJob.using(priority=10).enqueue("Mia")
    second, other = GreetJob.using(run_after=timedelta(days=1)).enqueue("Bella"), RecordJob.enqueue()
    assert enqueued_jobs() == [first, second, other]
    assert enqueued_jobs(GreetJob) == [first, second]


def test_assert_enqueued_gives_the_latest():
    GreetJob.enqueue("Mia")
    latest = GreetJob.enqueue("Mia")
    assert assert_enqueued(GreetJob) == assert_enqueued(GreetJob, "Mia") == latest


def test_arguments_are_the_same_by_position_and_by_name():
    GreetJob.enqueue(name="Mia")
    assert_enqueued(GreetJob, "Mia")
    RecordJob.enqueue(1, 2, key="value")
    assert_enqueued(RecordJob, 1, 2, key="value")


def test_records_are_compared_by_what_they_are():
    session = Session.objects.create(session_key="abc", session_data="", expire_date=timezone.now())
    SessionJob.enqueue(session)
    assert_enqueued(SessionJob, Session.objects.get())


def test_arguments_must_all_be_the_same():
    GreetJob.enqueue("Mia", loud=True)
    with pytest.raises(AssertionError):
        assert_enqueued(GreetJob, "Mia")


@pytest.mark.parametrize(
    ("right", "wrong", "difference"),
    [
        ({"queue_name": "slow"}, {"queue_name": "fast"}, "queue_name is 'slow'"),
        ({"priority": 5}, {"priority": 0}, "priority is 5"),
        ({"unique_key": "a"}, {"unique_key": "b"}, "unique_key is 'a'"),
        ({"lock_keys": ["b", "a"]}, {"lock_keys": ["a"]}, "lock_keys are ['a', 'b']"),
        (
            {"run_after": timedelta(hours=1)},
            {"run_after": timedelta(hours=2)},
            "it runs 1:00:00 after it was enqueued",
        ),
    ],
)
def test_options_are_compared_when_they_are_given(right, wrong, difference):
    job = GreetJob.using(**right).enqueue("Mia")
    assert assert_enqueued(GreetJob, "Mia", **right) == assert_enqueued(GreetJob, "Mia") == job
    with pytest.raises(AssertionError) as error:
        assert_enqueued(GreetJob, "Mia", **wrong)
    assert difference in str(error.value)


def test_a_time_is_compared_as_it_is():
    tomorrow = timezone.now() + timedelta(days=1)
    GreetJob.using(run_after=tomorrow).enqueue("Mia")
    assert_enqueued(GreetJob, run_after=tomorrow)
    with pytest.raises(AssertionError, match="run_after is "):
        assert_enqueued(GreetJob, run_after=tomorrow + timedelta(seconds=1))


def test_no_lock_keys_can_be_expected_too():
    GreetJob.enqueue("Mia")
    assert_enqueued(GreetJob, lock_keys=[])


def test_the_message_says_what_was_expected_and_what_there_is():
    GreetJob.enqueue("Bella", loud=True)
    OtherJob.enqueue(7)
    with pytest.raises(AssertionError) as error:
        assert_enqueued(GreetJob, "Mia", priority=3)
    assert str(error.value).splitlines() == [
        "GreetJob('Mia') with priority=3 is not enqueued.",
        "What waits:",
        "  GreetJob('Bella', loud=True): other arguments, priority is 0",
        "  OtherJob(7)",
    ]


def test_the_message_says_that_nothing_waits():
    with pytest.raises(AssertionError, match=r"GreetJob\(\) is not enqueued\.\nNothing waits\."):
        assert_enqueued(GreetJob)


def test_the_message_says_what_ran_already():
    with job_mode("inline"):
        GreetJob.enqueue("Mia")
        with pytest.raises(
            AssertionError, match="1 of this class began at once, because JOBS_MODE is inline"
        ):
            assert_enqueued(GreetJob)
    with pytest.raises(AssertionError, match=r"1 of this class began\."):
        assert_enqueued(GreetJob)


def test_nothing_may_be_expected():
    assert_no_enqueued()
    GreetJob.enqueue("Mia")
    assert_no_enqueued(RecordJob)
    with pytest.raises(AssertionError, match=r"these jobs wait:\n  GreetJob\('Mia'\)"):
        assert_no_enqueued()


def test_capture_gives_what_the_block_enqueued_and_leaves_it(calls):
    GreetJob.enqueue("before")
    with capture_enqueued_jobs() as captured:
        inside = GreetJob.enqueue("inside")
        ids = OtherJob.enqueue_many([(1,), (2,)])
    GreetJob.enqueue("after")
    assert pks(captured) == [inside.pk, *ids]
    assert len(enqueued_jobs()) == 5
    assert calls == []


def test_capture_can_perform_what_the_block_enqueued_and_nothing_else(calls):
    GreetJob.enqueue("before")
    with capture_enqueued_jobs(perform=True) as captured:
        NestingJob.enqueue(2)
        assert calls == []
    assert calls == [f"{n} {what}" for n in (2, 1, 0) for what in ("begins", "ends")]
    assert len(captured) == 1
    assert captured[0].finished_at
    assert_enqueued(GreetJob, "before")


def test_capture_performs_by_priority_and_keeps_to_lock_keys(calls):
    with capture_enqueued_jobs(perform=True):
        GreetJob.using(priority=5, lock_keys=["a"]).enqueue("last")
        GreetJob.using(lock_keys=["a"]).enqueue("second")
        GreetJob.using(priority=-5).enqueue("first")
    # Of jobs with the same lock key the one that came first goes first, whatever its priority.
    assert [name for name, _ in calls] == ["first", "last", "second"]


def test_capture_can_raise_errors():
    with pytest.raises(ValueError, match="oh no"), capture_enqueued_jobs(perform=True, raise_errors=True):
        FailingJob.enqueue("oh no")
    assert BackgroundJob.objects.get().error == "ValueError: oh no"


def test_as_a_context_manager_it_performs_what_the_block_enqueued_at_its_end(calls):
    with perform_enqueued_jobs() as performed:
        NestingJob.enqueue(1)
        assert calls == []
    assert calls == ["1 begins", "1 ends", "0 begins", "0 ends"]
    assert len(performed) == 2


def test_as_a_context_manager_it_works_off_first_what_waits(calls):
    GreetJob.enqueue("before")
    with perform_enqueued_jobs(raise_errors=True) as performed:
        assert calls == [("before", False)]
        inside = GreetJob.enqueue("inside")
    assert pks(performed) == [inside.pk]


def test_a_block_that_fails_performs_nothing(calls):
    with suppress(ZeroDivisionError), perform_enqueued_jobs():
        GreetJob.enqueue("Mia")
        raise ZeroDivisionError
    assert calls == []


def test_jobs_with_lock_keys_run_in_their_order(calls):
    ParentJob.enqueue(1)
    ParentJob.enqueue(0)
    perform_enqueued_jobs(raise_errors=True)
    assert calls == ["1 begins", "1 ends", "0 begins", "0 ends", "0 begins", "0 ends"]


def test_jobs_enqueued_at_once_are_performed(calls):
    GreetJob.enqueue_many([("Mia",), ("Bella",)])
    assert_enqueued(GreetJob, "Mia")
    perform_enqueued_jobs()
    assert [name for name, _ in calls] == ["Mia", "Bella"]


@pytest.mark.parametrize("names", [["Mia", "Bella"], []])
def test_a_batch_calls_back(calls, names):
    with new_batch("greetings", on_finish=BatchDoneJob) as batch:
        GreetJob.using(batch=batch).enqueue_many((name,) for name in names)
    perform_enqueued_jobs(raise_errors=True)
    assert calls == [*((name, False) for name in names), "greetings is done"]
    assert_no_enqueued()


def test_a_captured_batch_calls_back(calls):
    with (
        capture_enqueued_jobs(perform=True, raise_errors=True),
        new_batch("greetings", on_finish=BatchDoneJob) as batch,
    ):
        GreetJob.using(batch=batch).enqueue("Mia")
    assert calls == [("Mia", False), "greetings is done"]


@pytest.mark.parametrize("what", ["value", "key"])
def test_hooks_of_discarded_jobs_are_called(calls, what):
    HookJob.enqueue(what)
    perform_enqueued_jobs()
    assert calls == [(f"{what.capitalize()}Error", what)]


def test_the_hook_of_a_cancelled_job_is_called(calls):
    HookJob.enqueue("value").cancel()
    perform_enqueued_jobs()
    assert calls == [("JobCanceled", "value")]


def test_hooks_are_called_in_inline_mode_too(calls):
    HookJob.enqueue("value")
    with job_mode("inline"):
        perform_enqueued_jobs()
    assert calls == [("ValueError", "value")]


def test_retries_are_performed_when_time_does_not_matter():
    PatientJob.enqueue()
    assert len(perform_enqueued_jobs(scheduled=True)) == 3


def test_jobs_that_enqueue_each_other_for_ever_are_noticed():
    NestingJob.enqueue(99)
    with pytest.raises(AssertionError, match="more than 5 jobs: do they enqueue each other"):
        perform_enqueued_jobs(at_most=5)


def test_plain_tasks_are_performed_too(calls):
    with perform_enqueued_jobs(raise_errors=True):
        async_task(plain, 1)
    assert calls == [(1,)]


def test_an_error_of_the_database_does_not_spoil_the_tests_transaction():
    DuplicateJob.enqueue()
    (job,) = perform_enqueued_jobs()
    assert job.error.startswith("IntegrityError")
    assert not enqueued_jobs()


def test_what_is_rolled_back_was_never_enqueued():
    with capture_enqueued_jobs() as captured, suppress(ZeroDivisionError), transaction.atomic():
        GreetJob.enqueue("Mia")
        raise ZeroDivisionError
    assert captured == []
    assert_no_enqueued()


@pytest.mark.django_db(transaction=True)
def test_all_of_it_works_without_a_transaction_around_the_test(calls):
    with new_batch("greetings", on_finish=BatchDoneJob) as batch:
        GreetJob.using(batch=batch, lock_keys=["a"]).enqueue("Mia")
    HookJob.enqueue("value")
    assert_enqueued(GreetJob, "Mia", lock_keys=["a"])
    perform_enqueued_jobs()
    assert sorted(map(str, calls)) == ["('Mia', False)", "('ValueError', 'value')", "greetings is done"]


class DjangoTestCase(TestCase):
    """Each half sees a table without the other's jobs, whichever comes first."""

    def test_asserting(self):
        assert_no_enqueued()
        GreetJob.enqueue("Mia")
        assert len(BackgroundJob.objects.all()) == len(enqueued_jobs()) == 1

    def test_performing(self):
        assert_no_enqueued()
        GreetJob.enqueue("Mia")
        assert len(perform_enqueued_jobs()) == 1
        assert len(BackgroundJob.objects.all()) == 1

    @job_mode("inline")
    def test_inline(self):
        assert GreetJob.enqueue("Mia").finished_at


def test_a_record_that_is_gone_is_quiet_even_with_raise_errors():
    session = Session.objects.create(session_key="abc", session_data="", expire_date=timezone.now())
    SessionJob.enqueue(session)
    session.delete()
    (job,) = perform_enqueued_jobs(raise_errors=True)
    assert job.error.startswith("MissingArgument")
