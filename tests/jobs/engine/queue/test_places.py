"""How many jobs of a queue run at the same time."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from jobs.engine.queue.claims import finish_and_claim_next, has_work
from jobs.engine.queue.lanes import Lanes
from jobs.engine.queue.places import Places, limits_of_cluster
from jobs.engine.queue.scope import EVERYTHING, Worker
from jobs.engine.testing import perform_enqueued_jobs
from jobs.engine.worker import this_process
from tests.support.sample_jobs import BulkNoteJob, OtherJob, RecordJob

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("limit", "workers", "at_once"),
    [(-1, 2, 1), (-1, 4, 3), (-1, 1, None), (-9, 4, 1), (1, 4, 1), (3, 4, 3), (9, 4, None), (0, 4, 0)],
)
def test_a_limit_is_a_number_of_jobs_at_once(settings, limit, workers, at_once):
    settings.JOBS_QUEUE_LIMITS = {"bulk_update": limit}
    assert limits_of_cluster(workers, None).get("bulk_update") == at_once
    assert limits_of_cluster(workers, "other").get("bulk_update") == at_once
    assert limits_of_cluster(workers, "bulk_update") == {}


def test_places_go_to_whoever_asks_first_and_come_back():
    places = Places({"one": 1, "two": 2}, seats=3)
    first, second, third = (places.at(seat) for seat in range(3))
    assert first.reserve(["one", "two"]) == ()
    assert second.reserve(["one", "two"]) == ("one",)
    assert third.reserve(["one", "two"]) == ("one", "two")
    assert places.full() == ("one", "two")
    first.settle("two")
    assert places.full() == ("two",)
    assert third.reserve(["one", "two"]) == ("two",)
    assert third.reserve(["one"]) == (), "its own place does not count against it"
    second.settle(None)
    assert places.full() == ("one",)
    assert places.full_with({"one": 0, "two": 2}) == ("two",)


def test_whoever_takes_a_seat_anew_has_no_place():
    places = Places({"one": 1}, seats=1)
    places.at(0).reserve(["one"])
    places.at(0)
    assert places.full() == ()


class Team:
    """Two workers, one of which at most may run a bulk update."""

    def __init__(self) -> None:
        self.places = Places({"bulk_update": 1}, seats=2)
        cluster = this_process.cluster_id()
        self.workers = [Worker(cluster, os.getpid() + seat) for seat in range(2)]
        self.lanes = [Lanes(EVERYTHING, self.places.at(seat)) for seat in range(2)]

    def claim(self, seat, done=None):
        return finish_and_claim_next(done, self.workers[seat], self.lanes[seat]).job

    def has_work(self):
        return has_work(replace(EVERYTHING, closed_queues=self.places.full()))


@pytest.mark.parametrize("seat", [0, 1])
def test_a_limited_queue_is_for_whichever_worker_is_idle(seat):
    team = Team()
    RecordJob.enqueue()
    assert team.claim(1 - seat)
    bulk, second = BulkNoteJob.enqueue(), BulkNoteJob.enqueue()
    assert team.has_work()
    assert team.claim(seat) == bulk
    assert not team.has_work()
    assert team.claim(1 - seat) is None
    other = OtherJob.enqueue()
    assert team.claim(1 - seat) == other
    # The one that ends a bulk update may go on with the next.
    assert team.claim(seat, bulk) == second


def test_a_worker_that_looks_in_vain_keeps_no_place():
    team = Team()
    assert team.claim(0) is None
    RecordJob.enqueue()
    assert team.claim(0)
    bulk = BulkNoteJob.enqueue()
    assert team.claim(1) == bulk


def test_a_worker_goes_on_with_other_lanes_while_a_queue_is_full():
    team = Team()
    BulkNoteJob.enqueue_many([(f"bulk-{n}",) for n in range(3)])
    ids = RecordJob.enqueue_many([(n,) for n in range(3)])
    others = OtherJob.enqueue_many([(n,) for n in range(2)])
    assert team.claim(0).queue_name == "bulk_update"
    claimed = [team.claim(1) for _ in range(6)]
    assert [job and job.pk for job in claimed] == [*ids, *others, None]


def test_tests_know_no_limit(settings):
    settings.JOBS_QUEUE_LIMITS = {"default": 0}
    RecordJob.enqueue()
    assert len(perform_enqueued_jobs()) == 1
