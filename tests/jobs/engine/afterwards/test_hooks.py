"""What follows when a job has ended with an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django_q.models import Task
from django_q.tasks import async_task, result

from jobs.engine.afterwards import hooks
from jobs.engine.afterwards.hooks import DiscardHookJob
from jobs.engine.errors import JobActionError
from jobs.engine.models import BackgroundJob, FailureAlert
from jobs.engine.testing import enqueued_jobs, perform_enqueued_jobs
from tests.support.admins import ADMINS
from tests.support.keyed_jobs import HookedJob, RetriedJob
from tests.support.sample_jobs import FailingJob

if TYPE_CHECKING:
    from pytest_django import Settings

    from jobs.engine.base import Job

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
    assert hooks.take_care() == 1
    assert hooks.take_care() == 0
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


def end_many(count: int, job_class: type[Job] = HookedJob) -> None:
    job_class.enqueue_many([("value",)] * count)
    failed = {"finished_at": Now(), "error": "ValueError: no", "context": {"request_id": "r"}}
    BackgroundJob.objects.unfinished().update(**failed)


def test_thousands_are_followed_up_with_a_few_statements(settings: Settings) -> None:
    settings.ADMINS = ADMINS
    end_many(2500)
    with CaptureQueriesContext(connection) as queries:
        while hooks.take_care():
            pass
    assert len(queries) < 100
    assert not BackgroundJob.objects.discarded().filter(announced=False).exists()
    assert len(enqueued_jobs(DiscardHookJob)) == 2500
    assert FailureAlert.objects.get().count == 2500
    hook = enqueued_jobs(DiscardHookJob)[0]
    assert hook.context == {"request_id": "r"}


def test_one_that_cannot_be_followed_up_keeps_no_other_from_it(
    calls: list[object], caplog: pytest.LogCaptureFixture
) -> None:
    with connection.cursor() as cursor:
        # The database itself refuses this one's hook.
        cursor.execute(
            "ALTER TABLE background_jobs ADD CONSTRAINT no_such_hook"
            " CHECK (arguments #>> '{args,1,_encoded,args,0}' IS DISTINCT FROM 'refused')"
        )
    end_many(3)
    middle = BackgroundJob.objects.order_by("id")[1]
    BackgroundJob.objects.filter(pk=middle.pk).update(arguments={"args": ["refused"]})
    assert hooks.take_care() == 3
    assert hooks.take_care() == 0
    perform_enqueued_jobs()
    assert len(calls) == 2
    assert f"{middle.pk} cannot be followed up" in caplog.text


def test_a_hook_gets_arguments_as_deep_and_as_long_as_a_job_can_have(calls: list[object]) -> None:
    deep: list[object] = []
    for _ in range(98):
        deep = [deep]
    job = HookedJob.enqueue("value", count=[deep, "x" * 1_000_000])  # type: ignore[arg-type]
    perform_enqueued_jobs()
    assert calls == [("ValueError: value is wrong", ("value",), {"count": [deep, "x" * 1_000_000]})]
    calls.clear()
    other = HookedJob.enqueue("value", count=[deep])  # type: ignore[arg-type]
    hooks.delete(other)
    perform_enqueued_jobs()
    assert len(calls) == 1
    assert BackgroundJob.objects.filter(pk=job.pk).exists()


def killed_task(**options: object) -> str:
    """A plain task whose worker was killed three times, as the engine writes it down."""
    task_id: str = async_task("tests.support.sample_jobs.double", 4, **options)
    died = "WorkerDied: the worker process died while it ran the job"
    BackgroundJob.objects.unfinished().update(performed_at=Now(), finished_at=Now(), error=died)
    return task_id


def test_a_plain_task_that_was_killed_leaves_its_result_and_calls_its_hook(calls: list[object]) -> None:
    task_id = killed_task(hook="tests.support.sample_jobs.note", group="those")
    hooks.take_care()
    perform_enqueued_jobs(raise_errors=True)
    task = Task.objects.get(pk=task_id)
    assert (task.success, task.group, task.args) == (False, "those", (4,))
    assert "WorkerDied" in str(result(task_id))
    assert calls == [(task.result, False)]


def test_a_chain_goes_on_after_a_task_that_was_killed() -> None:
    killed_task(chain=[("math.sqrt", (4,))])
    hooks.take_care()
    perform_enqueued_jobs(raise_errors=True)
    assert BackgroundJob.objects.filter(job_class="math.sqrt").exists()


@pytest.mark.parametrize("end", ["cancel", "delete"])
def test_a_plain_task_that_a_person_ends_leaves_its_result(end: str) -> None:
    task_id = async_task("tests.support.sample_jobs.double", 4)
    job = BackgroundJob.objects.get()
    job.cancel() if end == "cancel" else hooks.delete(job)
    hooks.take_care()
    perform_enqueued_jobs(raise_errors=True)
    assert not Task.objects.get(pk=task_id).success
