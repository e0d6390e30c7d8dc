from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.signals import pre_enqueue

from jobs.engine.base import current_job
from jobs.engine.context import RequestContext, use_context
from jobs.engine.models import BackgroundJob, JobStatus
from jobs.engine.testing import assert_enqueued, assert_no_enqueued, perform_enqueued_jobs
from tests.support.sample_jobs import ContextJob, FailingJob, OtherJob, RecordJob

pytestmark = pytest.mark.django_db


def test_enqueue_saves_a_row_with_the_classs_options():
    job = OtherJob.enqueue(1, name="x")
    job.refresh_from_db()
    assert job.job_class == "tests.support.sample_jobs.OtherJob"
    assert job.arguments == {"args": [1], "kwargs": {"name": "x"}}
    assert (job.queue_name, job.priority, job.attempts) == ("other", 5, 0)
    assert abs(job.enqueued_at - timezone.now()) < timedelta(minutes=1)
    assert job.run_after == job.enqueued_at
    assert job.name == "Other"


def test_using_changes_the_options_of_one_call():
    tomorrow = datetime(2100, 1, 1, tzinfo=UTC)
    job = OtherJob.using(priority=-10, queue_name="fast", run_after=tomorrow).enqueue()
    assert (job.priority, job.queue_name, job.run_after) == (-10, "fast", tomorrow)
    assert OtherJob.enqueue().queue_name == "other"


def test_a_priority_of_zero_overrides_the_classs():
    assert OtherJob.using(priority=0).enqueue().priority == 0


def test_run_after_may_be_a_time_from_now():
    job = RecordJob.using(run_after=timedelta(hours=1)).enqueue()
    assert timedelta(minutes=59) < job.run_after - job.enqueued_at < timedelta(minutes=61)
    assert BackgroundJob.objects.with_status(JobStatus.SCHEDULED).get() == job


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="aware"):
        RecordJob.using(run_after=datetime(2100, 1, 1))


def test_rollback_takes_the_job_back():
    with transaction.atomic():
        RecordJob.enqueue()
        assert_enqueued(RecordJob)
        transaction.set_rollback(True)
    assert_no_enqueued()


def test_call_runs_here_and_now(calls):
    RecordJob.call(1, two=2)
    assert calls == [((1,), {"two": 2})]
    assert_no_enqueued()


def test_call_lets_errors_reach_the_caller():
    with pytest.raises(ValueError, match="it is broken"):
        FailingJob.call()


def test_call_inside_a_job_is_not_that_job(calls):
    class Outer(RecordJob):
        def perform(self) -> None:
            ContextJob.call()

    Outer.call()
    assert calls[0][1] is None


def test_the_context_travels_with_the_job_and_its_children(calls):
    context = RequestContext(request_id="r1", user_id=7, ip_addr="10.0.0.1")
    with use_context(context):
        parent = ContextJob.enqueue(children=1)
    perform_enqueued_jobs()
    assert [seen[0] for seen in calls] == [context, context]
    child = BackgroundJob.objects.get(parent=parent)
    assert child.context == {"request_id": "r1", "user_id": 7, "ip_addr": "10.0.0.1"}
    assert [seen[1].pk for seen in calls] == [parent.pk, child.pk]
    assert calls[0][2].pk == parent.pk
    assert current_job() is None


def test_ids_sort_in_the_order_of_enqueuing():
    jobs = [RecordJob.enqueue(n) for n in range(50)]
    assert [job.pk for job in jobs] == sorted(job.pk for job in jobs)


def test_django_q2s_enqueue_signal_fires():
    seen = []
    receiver = lambda **kwargs: seen.append(kwargs["task"])  # noqa: E731
    pre_enqueue.connect(receiver)
    try:
        job = RecordJob.enqueue(1)
    finally:
        pre_enqueue.disconnect(receiver)
    assert [(task["id"], task["name"], task["func"], task["args"]) for task in seen] == [
        (str(job.pk), "Record", RecordJob.path(), (1,))
    ]


def test_a_receiver_that_raises_keeps_a_job_from_being_enqueued():
    def receiver(**_kwargs):
        raise ValueError("not this one")

    pre_enqueue.connect(receiver)
    try:
        with pytest.raises(ValueError, match="not this one"):
            RecordJob.enqueue(1)
    finally:
        pre_enqueue.disconnect(receiver)
    assert not BackgroundJob.objects.exists()


def test_assert_enqueued_tells_what_is_there():
    RecordJob.enqueue(1)
    assert assert_enqueued(RecordJob, 1).arguments == {"args": [1]}
    assert assert_enqueued(RecordJob)
    with pytest.raises(AssertionError, match=r"RecordJob\(2\) is not enqueued(.|\n)*RecordJob\(1\)"):
        assert_enqueued(RecordJob, 2)
    with pytest.raises(AssertionError, match="RecordJob"):
        assert_no_enqueued(RecordJob)
    assert_no_enqueued(OtherJob)
