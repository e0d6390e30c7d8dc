"""The database ends the cluster's connections, again and again."""

import random
import time

import pytest
from django.db import connection

from tests.chaos.counts import settle
from tests.chaos.stream import Stream
from tests.support.clusters import all_finished, running_cluster
from tests.support.sample_jobs import KeyedNoteJob, NoteJob, QueryNoteJob
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def terminate(seconds: float, condition: str = "true", pause: float = 0.1) -> int:
    """End the clusters' connections for so long; returns how many."""
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            # This process has a connection for each of its threads; those of a cluster are not its own.
            cursor.execute(
                f"""
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'chaos' AND {condition}
                """
            )
            count += cursor.fetchone()[0]
        time.sleep(pause * random.random())
    return count


@pytest.fixture
def cluster(tmp_path, monkeypatch, journal):
    monkeypatch.setenv("CHAOS_APPLICATION_NAME", "chaos")
    with running_cluster(tmp_path) as cluster:
        yield cluster


def test_lost_connections_are_replaced(cluster, journal):
    with Stream() as stream:
        ended = terminate(4)
        while ended < 20:
            ended += terminate(1)
    assert settle(journal, cluster, saved=stream.saved).repeated == 0


def test_connections_lost_around_claims_lose_no_job(cluster, journal):
    saved = NoteJob.enqueue_many([(f"many-{n}",) for n in range(800)])
    saved += [KeyedNoteJob.enqueue(f"key{n % 7}-{n}").pk for n in range(100)]
    killed = 0
    until = time.monotonic() + 4
    while not all_finished() and time.monotonic() < until:
        killed += terminate(0.3, "query LIKE '%claimed_by%'", pause=0.01)
    print(f"{killed} connections ended")
    settle(journal, cluster, saved=saved)


def test_a_job_whose_own_query_was_cut_off_fails_and_says_so(cluster, journal):
    jobs = [QueryNoteJob.enqueue(f"query-{n}", 0.4) for n in range(2)]
    journal.wait_for("query-1")
    terminate(0.2, "query LIKE '%pg_sleep%'")
    wait_until(all_finished)
    assert settle(journal, cluster, discarded=2).repeated == 0
    for job in jobs:
        job.refresh_from_db()
        assert job.error.startswith(("OperationalError", "AdminShutdown"))
