"""Lock keys about which a transaction decides that stays open."""

from __future__ import annotations

import os
import uuid

import psycopg
import pytest
from django.db import connection

from jobs.engine.insight.explain import explain
from jobs.engine.models import BackgroundJob, Hold, LockCheck
from jobs.engine.queue import holds
from jobs.engine.queue.claims import claim_next
from jobs.engine.queue.scope import Worker
from jobs.engine.worker import this_process
from jobs.engine.worker.execution import run
from tests.support.sample_jobs import RecordJob

pytestmark = pytest.mark.django_db(transaction=True)

END = "UPDATE background_jobs SET finished_at = now(), error = 'x' WHERE id = %s"


@pytest.fixture(autouse=True)
def impatient():
    """Whoever waits for a lock here would wait for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    yield
    connection.close()


@pytest.fixture
def others():
    """Two other connections, each in a transaction that stays open."""
    options = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
    options.pop("context", None)
    with psycopg.connect(**options) as one, psycopg.connect(**options) as two:
        for other in (one, two):
            other.execute("SET lock_timeout = '2s'")
            other.commit()
        yield one, two


def locked(*keys):
    return RecordJob.using(lock_keys=keys).enqueue()


def claim():
    return claim_next(Worker(this_process.cluster_id(), os.getpid()))


def test_a_job_whose_key_somebody_decides_about_is_put_aside(others):
    first, second, third, other = locked("a"), locked("a"), locked("a", "b"), locked("c")
    others[0].execute(END, [first.pk])
    unrelated = RecordJob.enqueue()
    assert [claim(), claim(), claim()] == [other, unrelated, None]
    assert BackgroundJob.objects.filter(held=Hold.LOCK).count() == 2
    assert holds.check_lock_keys_again() == 0
    others[0].commit()
    assert holds.check_lock_keys_again() == 1
    assert not LockCheck.objects.exists()
    assert (claim(), claim()) == (second, None)
    run(BackgroundJob.objects.get(pk=other.pk))
    run(BackgroundJob.objects.get(pk=second.pk))
    assert claim() == third


def test_a_rollback_gives_back_what_was_put_aside(others):
    first, _ = locked("a"), locked("a")
    others[0].execute(END, [first.pk])
    assert claim() is None
    others[0].rollback()
    assert holds.check_lock_keys_again() == 1
    assert (claim(), claim()) == (first, None)


def test_a_job_ends_while_somebody_decides_about_its_key(others):
    running, waiting, last = locked("a"), locked("a"), locked("a")
    claimed = claim()
    assert (claimed, claim()) == (running, None)
    others[0].execute(END, [waiting.pk])
    run(claimed)
    assert claim() is None
    others[0].commit()
    holds.check_lock_keys_again()
    assert claim() == last


def test_a_job_ends_while_somebody_has_the_next_one(others):
    running, waiting = locked("a"), locked("a")
    claimed = claim()
    assert (claimed, claim()) == (running, None)
    others[0].execute("SELECT FROM background_jobs WHERE id = %s FOR UPDATE", [waiting.pk])
    run(claimed)
    assert holds.check_lock_keys_again() == 0
    others[0].commit()
    holds.check_lock_keys_again()
    assert claim() == waiting


def test_transactions_that_end_jobs_in_different_orders_do_not_deadlock(others):
    one, two = others
    keys = [("a", "b"), ("b", "a"), ("b",), ("a",)]
    jobs = [locked(*each) for each in keys]
    last = locked("a", "b")
    one.execute(END, [jobs[3].pk])
    two.execute(END, [jobs[2].pk])
    one.execute(END, [jobs[1].pk])
    two.execute(END, [jobs[0].pk])
    assert claim() is None
    one.commit()
    two.commit()
    holds.check_lock_keys_again()
    assert claim() == last


def test_the_net_does_not_wait_for_whoever_has_a_row(others):
    job, other = locked("a"), locked("b")
    BackgroundJob.objects.update(held=Hold.LOCK)
    others[0].execute("SELECT FROM background_jobs WHERE id = %s FOR UPDATE", [job.pk])
    assert holds.free_the_forgotten() == 1
    assert claim() == other


def test_jobs_come_in_the_order_of_the_databases_clock():
    first, second = locked("a"), locked("a")
    # As if the one who enqueued the first had a clock that is ahead.
    BackgroundJob.objects.filter(pk=first.pk).update(id=uuid.UUID(int=2**128 - 1))
    first = BackgroundJob.objects.get(pk=uuid.UUID(int=2**128 - 1))
    assert f"behind job {first.pk}" in explain(second)
    claimed = claim()
    assert (claimed, claim()) == (first, None)
    third = locked("a")
    assert claim() is None
    run(claimed)
    claimed = claim()
    assert claimed == second
    run(claimed)
    assert claim() == third
