"""django-q2's signals."""

from __future__ import annotations

import pytest
from django_q.signals import post_execute_in_worker, pre_execute

from jobs.engine.models import BackgroundJob
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.sample_jobs import FailingJob, RecordJob

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """Receivers that remember, and then raise."""
    heard = []

    def before(func, task, **named):
        heard.append(("before", func.__name__, task["name"], task["args"]))
        raise RuntimeError("a broken receiver")

    def after(func, task, **named):
        heard.append(("after", task["success"], task["result"]))
        raise RuntimeError("another broken receiver")

    pre_execute.connect(before)
    post_execute_in_worker.connect(after)
    yield heard
    pre_execute.disconnect(before)
    post_execute_in_worker.disconnect(after)


def test_they_tell_of_jobs_and_a_receiver_may_raise(heard, calls):
    job = RecordJob.enqueue(5)
    perform_enqueued_jobs()
    job.refresh_from_db()
    assert heard == [("before", "RecordJob", "Record", (5,)), ("after", True, None)]
    assert (job.error, calls) == (None, [((5,), {})])


def test_they_tell_of_failures(heard):
    FailingJob.enqueue()
    perform_enqueued_jobs()
    assert heard[-1] == ("after", False, "ValueError: it is broken")
    assert BackgroundJob.objects.discarded().count() == 1
