"""A cluster loses the processes that help its workers, or they freeze."""

import os
import signal
import time
from contextlib import ExitStack

import pytest

from tests.chaos.counts import settle
from tests.chaos.stream import Stream
from tests.support.clusters import is_gone, running_cluster, starting_cluster
from tests.support.sample_jobs import NoteJob
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def test_killed_helpers_are_replaced(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        with Stream() as stream:
            for who in ("pusher", "monitor", "pusher", "monitor"):
                pid = cluster.row.stat[who]
                os.kill(pid, signal.SIGKILL)
                wait_until(lambda: cluster.row.stat[who] not in {pid, 0}, what=f"a new {who}")  # noqa: B023
        assert settle(journal, cluster, saved=stream.saved).repeated == 0


def test_frozen_processes_are_replaced_or_left_out(tmp_path, journal):
    with ExitStack() as stack:
        # Each works a queue of its own, so that they cannot help each other; but for the last two.
        queues = ("one", "two", "three", "three")
        clusters = [stack.enter_context(starting_cluster(tmp_path, Q_CLUSTER_NAME=name)) for name in queues]
        for cluster in clusters:
            wait_until(cluster.is_up, what="the cluster to start")
        one, two, headless, _ = clusters
        replaced = [one.row.stat["pusher"], *two.row.worker_pids]
        for pid in (*replaced, headless.row.sentinel_pid):
            os.kill(pid, signal.SIGSTOP)
        started = time.monotonic()
        for queue in ("one", "two"):
            NoteJob.using(queue_name=queue).enqueue(queue)
        # From then on the one without a sentinel is taken for dead, and its workers must take nothing.
        time.sleep(10.5)
        saved = NoteJob.using(queue_name="three").enqueue_many([(f"long-{n}", 1.5) for n in range(4)])
        time.sleep(3)
        os.kill(headless.row.sentinel_pid, signal.SIGCONT)
        for queue in ("one", "two"):
            journal.wait_for(queue, "finished")
        print(f"recovered in {time.monotonic() - started:.1f} s")
        assert all(is_gone(pid) for pid in replaced)
        assert settle(journal, *clusters, saved=saved, queue="one").repeated == 0
