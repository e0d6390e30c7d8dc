"""The database restarts, crashes, goes away and comes back, or answers no more."""

import signal
import time

import pytest
from django.db import connection

from tests.chaos.counts import settle
from tests.chaos.own_server import crash, end, freeze, own_server
from tests.chaos.stream import Stream
from tests.support.clusters import is_gone, running_cluster
from tests.support.sample_jobs import NoteJob
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def test_restarts_and_crashes_of_the_database_lose_nothing(tmp_path, journal):
    with own_server() as server, running_cluster(tmp_path) as cluster:
        with Stream() as stream:
            for blow in (signal.SIGINT, signal.SIGQUIT, None):
                time.sleep(1)
                if blow is None:
                    crash(server)
                else:
                    end(server, blow)
                    server.start()
                time.sleep(0.5)
                wait_until(is_answering, what="the database to be back")
        assert settle(journal, cluster, saved=stream.saved).repeated == 0


def test_a_database_that_is_away_for_long_is_waited_for(tmp_path, journal):
    with own_server() as server, running_cluster(tmp_path) as one, running_cluster(tmp_path) as two:
        saved = NoteJob.enqueue_many([(f"long-{n}", 1) for n in range(4)])
        journal.wait_for("long-3")
        end(server, signal.SIGINT)
        # Longer than a dead cluster is given: when it is back, all heartbeats are old.
        time.sleep(11)
        server.start()
        connection.close()
        with Stream() as stream:
            wait_until(one.is_whole)
            wait_until(two.is_whole)
        assert settle(journal, one, two, saved=[*saved, *stream.saved]).repeated == 0


def test_a_stop_ends_though_the_database_does_not_answer(tmp_path, journal):
    with own_server() as server, running_cluster(tmp_path, JOBS_STOP_TIMEOUT="1") as cluster:
        pids = cluster.pids()
        freeze(server)
        time.sleep(1)
        cluster.signal(signal.SIGTERM)
        cluster.wait()
        assert all(is_gone(pid) for pid in pids)


def is_answering() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001 -- whatever a server says that is not there
        connection.close()
        return False
    return True
