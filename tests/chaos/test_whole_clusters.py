"""Whole clusters end without warning, or seem to: the others do what they left."""

import os
import signal
import time
from contextlib import ExitStack

import pytest

from jobs.engine.models import BackgroundJob, WorkerCluster
from tests.chaos.counts import settle
from tests.chaos.stream import Stream
from tests.support.clusters import is_gone, running_cluster, starting_cluster
from tests.support.sample_jobs import NoteJob
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

BLOWS = {
    "kill the master": lambda cluster: cluster.signal(signal.SIGKILL),
    "kill everything": lambda cluster: cluster.signal_group(signal.SIGKILL),
}


def test_the_jobs_of_dead_clusters_go_to_those_that_live(tmp_path, journal):
    with ExitStack() as stack:
        heir, *victims = [
            stack.enter_context(starting_cluster(tmp_path, JOBS_WORKERS="1")) for _ in range(len(BLOWS) + 1)
        ]
        for cluster in (heir, *victims):
            wait_until(cluster.is_up, what="the cluster to start")
        pids = [pid for cluster in victims for pid in cluster.pids()]
        saved = NoteJob.enqueue_many([(f"long-{number}", 1) for number in range(len(victims) + 1)])
        wait_until(lambda: len(journal.lines()) == len(saved), what="each to have a job")
        for victim, strike in zip(victims, BLOWS.values(), strict=True):
            strike(victim)
            victim.wait()
        wait_until(lambda: all(is_gone(pid) for pid in pids), what="every process to be gone")
        with Stream() as stream:
            jobs = BackgroundJob.objects.filter(pk__in=saved)
            wait_until(lambda: not jobs.unfinished().exists(), what="the jobs to be taken over")
        assert settle(journal, heir, saved=[*saved, *stream.saved]).repeated == len(victims)
        assert {job.crashes for job in jobs} == {0}, "it was not their fault"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_another_sentinel_takes_the_place_of_one_that_dies(tmp_path, journal, how):
    with running_cluster(tmp_path) as cluster:
        job = NoteJob.enqueue("long", 2)
        journal.wait_for("long")
        before = cluster.row.sentinel_pid
        os.kill(before, how)
        if how == signal.SIGKILL:
            wait_until(
                lambda: cluster.is_up() and cluster.row.sentinel_pid != before, what="another sentinel"
            )
        with Stream() as stream:
            journal.wait_for("long", "finished")
        repeated = settle(journal, cluster, saved=[job.pk, *stream.saved]).repeated
        job.refresh_from_db()
        assert (repeated, job.crashes) == (int(how == signal.SIGKILL), 0)
    assert ("CRITICAL" in cluster.log.read_text()) is (how == signal.SIGKILL)


def test_a_sentinel_that_never_stays_alive_ends_the_cluster_with_an_error(tmp_path, journal):
    with running_cluster(tmp_path, CHAOS_APP="tests.chaos.rude.HurriedApp") as cluster:
        pids = set()
        while cluster.process.poll() is None:
            row = WorkerCluster.objects.filter(pid=cluster.process.pid).first()
            if row and row.sentinel_pid not in pids:
                pids.add(row.sentinel_pid)
                os.kill(row.sentinel_pid, signal.SIGKILL)
            time.sleep(0.05)
        assert (cluster.wait(), len(pids)) == (1, 5)
    assert "this cluster ends" in cluster.log.read_text()


def test_a_sentinel_that_does_not_go_on_is_replaced(tmp_path, journal):
    with running_cluster(tmp_path, CHAOS_APP="tests.chaos.rude.HurriedApp") as cluster:
        before = cluster.row.sentinel_pid
        os.kill(before, signal.SIGSTOP)
        wait_until(lambda: is_gone(before), what="it to be killed")
        wait_until(lambda: is_replaced(cluster, before), what="another sentinel")
        assert settle(journal, cluster).repeated == 0


def test_a_cluster_that_slept_does_not_finish_what_another_took_over(tmp_path, journal):
    with running_cluster(tmp_path) as sleeper:
        job = NoteJob.enqueue("taken-over", 1)
        journal.wait_for("taken-over")
        sleeper.signal_group(signal.SIGSTOP)
        with running_cluster(tmp_path) as other:
            # It runs for longer than a dead cluster is given.
            slow = NoteJob.enqueue("slow", 12)
            wait_until(lambda: not is_unfinished(job), what="the other to take over")
            job.refresh_from_db()
            ended = (job.attempts, job.claimed_by, job.finished_at)
            assert ended[:2] == (2, other.row.pk)
            sleeper.signal_group(signal.SIGCONT)
            with Stream() as stream:
                wait_until(lambda: journal.runs("finished")[job.pk] == 2, what="the sleeper to wake")
                wait_until(sleeper.is_whole, what="the sleeper to be itself again")
            counts = settle(journal, sleeper, other, saved=[job.pk, slow.pk, *stream.saved])
            job.refresh_from_db()
            assert (job.attempts, job.claimed_by, job.finished_at) == ended
            assert (counts.repeated, journal.runs()[slow.pk]) == (1, 1)


def is_unfinished(job: BackgroundJob) -> bool:
    return BackgroundJob.objects.unfinished().filter(pk=job.pk).exists()


def is_replaced(cluster, sentinel: int) -> bool:
    row = WorkerCluster.objects.filter(pid=cluster.process.pid).first()
    return cluster.is_up() and row is not None and row.sentinel_pid != sentinel
