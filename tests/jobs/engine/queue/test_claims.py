"""Which job comes next, whichever shape of the claim asks."""

from __future__ import annotations

import os
import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs.engine.models import BackgroundJob, Pause
from jobs.engine.queue import claims
from jobs.engine.queue.claims import claim_next_of, finish_and_claim_next
from jobs.engine.queue.lanes import Lanes
from jobs.engine.queue.scope import Scope, Worker
from tests.support.sample_jobs import OtherJob, RecordJob

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["found on the way", "known"])
def next_of(request):
    """The next job of a scope, by a worker that finds its lanes while it claims, or knows them."""

    def claim(scope=None):
        lanes = Lanes(scope or Scope())
        if request.param == "known":
            lanes.look()
        return finish_and_claim_next(None, Worker(uuid.uuid4(), os.getpid()), lanes).job

    return claim


def job(priority=0, queue_name="default", due_for=0):
    saved = RecordJob.using(priority=priority, queue_name=queue_name).enqueue()
    BackgroundJob.objects.filter(pk=saved.pk).update(run_after=Now() - timedelta(seconds=due_for))
    return saved


def test_the_smallest_priority_comes_first_and_then_what_is_due_longest(next_of):
    late, early, other, urgent = job(due_for=1), job(due_for=5), job(0, "other", 3), job(-1)
    assert [next_of() for _ in range(5)] == [urgent, early, other, late, None]


@pytest.mark.parametrize("how_often", [0, 1])
def test_what_has_been_due_for_too_long_goes_before_better_priorities_now_and_then(
    next_of, how_often, settings, monkeypatch
):
    settings.JOBS_STARVED_AFTER = timedelta(minutes=1)
    monkeypatch.setattr(claims, "OLDEST_FIRST", how_often)
    urgent, starved, most_starved = job(-5, due_for=5), job(5, due_for=70), job(9, due_for=90)
    first = [most_starved, starved, urgent] if how_often else [urgent, starved, most_starved]
    assert [next_of() for _ in range(3)] == first


@pytest.mark.parametrize(
    ("scope", "numbers"),
    [
        (Scope(), [0, 1, 2, 3]),
        (Scope(queue_name="b"), [1, 3]),
        (Scope(closed_queues=("b", "c")), [0, 2]),
        (Scope(min_priority=-1), [1, 2, 3]),
        (Scope(max_priority=1), [0, 1, 2]),
        (Scope("b", (), 0, 5), [3]),
    ],
)
def test_a_worker_takes_what_is_in_its_scope_alone(next_of, scope, numbers):
    jobs = [job(-2, "a"), job(-1, "b"), job(1, "a"), job(2, "b")]
    assert [next_of(scope) for _ in range(5)][: len(numbers) + 1] == [*(jobs[n] for n in numbers), None]


def test_one_class_is_claimed_past_all_others_and_in_its_order():
    job(-9)
    Pause.objects.create(kind="queue", name="a")
    queues = [(0, "a"), (5, "b"), (2, "c")]
    paused, later, first = [OtherJob.using(priority=n, queue_name=name).enqueue() for n, name in queues]
    worker = Worker(uuid.uuid4(), os.getpid())
    assert [claim_next_of(OtherJob.path(), worker) for _ in range(3)] == [first, later, None]
    assert BackgroundJob.objects.get(pk=paused.pk).attempts == 0


def test_the_lanes_of_paused_queues_are_closed(next_of):
    here = job()
    for name in "ab":
        job(-9, name)
        Pause.objects.create(kind="queue", name=name)
    assert [next_of(), next_of()] == [here, None]
