"""Tables are locked, or nothing can be written, for longer than a dead cluster is given."""

import time

import psycopg
import pytest
from django.db import connection

from jobs.engine.models import BackgroundJob
from tests.chaos.counts import settle
from tests.chaos.own_server import own_server
from tests.support.clusters import database_url, running_cluster
from tests.support.sample_jobs import NoteJob
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def test_hearts_beat_on_while_the_table_is_locked(tmp_path, journal):
    with running_cluster(tmp_path) as one, running_cluster(tmp_path) as two:
        saved = NoteJob.enqueue_many([(f"long-{n}", 2) for n in range(4)])
        journal.wait_for("long-3")
        with psycopg.connect(database_url()) as other:
            other.execute("LOCK TABLE background_jobs")
            until = time.monotonic() + 12  # more than a dead cluster is given
            while time.monotonic() < until:
                ages = other.execute(
                    "SELECT extract(epoch FROM clock_timestamp() - beat_at) FROM background_job_clusters"
                ).fetchall()
                assert len(ages) == 2
                assert max(float(age) for (age,) in ages) < 8
                time.sleep(0.5)
        assert settle(journal, one, two, saved=saved).repeated == 0
    assert not BackgroundJob.objects.filter(attempts__gt=1).exists()


def test_a_lock_that_lasts_gathers_no_backends_that_wait_for_nobody(tmp_path, journal):
    with running_cluster(tmp_path, CHAOS_APP="tests.chaos.rude.ImpatientApp") as cluster:
        saved = NoteJob.enqueue_many([(f"long-{n}", 1) for n in range(2)])
        journal.wait_for("long-1")
        with psycopg.connect(database_url()) as other:
            other.execute("LOCK TABLE background_jobs")
            wait_until(lambda: cluster.log.read_text().count("did not answer for") >= 8, what="eight tries")
            waiting = other.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'background_jobs'::regclass"
            ).fetchone()
            # Two workers, the sentinel, the pusher, and one that is just being ended.
            assert waiting is not None
            assert waiting[0] <= 5
        assert settle(journal, cluster, saved=saved).repeated == 0


def test_while_nothing_can_be_written_what_runs_goes_on_and_waits(tmp_path, journal):
    with own_server(), running_cluster(tmp_path) as one, running_cluster(tmp_path) as two:
        saved = NoteJob.enqueue_many([(f"long-{n}", 1) for n in range(4)])
        journal.wait_for("long-3")
        read_only("on")
        time.sleep(12)
        read_only("off")
        connection.close()
        assert settle(journal, one, two, saved=saved).repeated == 0
        for cluster in (one, two):
            assert cluster.log.read_text().count("ReadOnlySqlTransaction") < 10
            assert cluster.log.stat().st_size < 20_000


def read_only(how: str) -> None:
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SET default_transaction_read_only = off")
        other.execute(f"ALTER SYSTEM SET default_transaction_read_only = {how}")
        other.execute("SELECT pg_reload_conf()")
