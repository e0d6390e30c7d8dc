"""A cluster loses the processes that help its workers, or they freeze."""

import os
import signal
import time

import pytest

from tests.chaos.counts import RECOVERY, settle
from tests.chaos.stream import Stream
from tests.clusters import is_gone, running_cluster, wait_until
from tests.jobs.engine.sample_jobs import NoteJob

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def test_killed_helpers_are_replaced(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        with Stream() as stream:
            for who in ("pusher", "monitor", "pusher", "monitor"):
                pid = cluster.row.stat[who]
                os.kill(pid, signal.SIGKILL)
                wait_until(lambda: cluster.row.stat[who] not in {pid, 0}, what=f"a new {who}")  # noqa: B023
        assert settle(journal, cluster, saved=stream.saved).repeated == 0


def test_frozen_processes_are_replaced_when_there_is_work(tmp_path, journal):
    # Each works a queue of its own, so that they cannot help each other.
    with (
        running_cluster(tmp_path, Q_CLUSTER_NAME="one") as one,
        running_cluster(tmp_path, Q_CLUSTER_NAME="two") as two,
    ):
        frozen = [one.row.stat["pusher"], *two.row.worker_pids]
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        for queue in ("one", "two"):
            NoteJob.using(queue_name=queue).enqueue(queue)
        started = time.monotonic()
        for queue in ("one", "two"):
            journal.wait_for(queue, "finished", RECOVERY)
        print(f"recovered in {time.monotonic() - started:.1f} s")
        assert all(is_gone(pid) for pid in frozen)
        settle(journal, one, two, queue="one")
