"""A cluster loses workers, by all that can happen to one."""

import os
import signal
import time
from contextlib import suppress

import pytest

from jobs.engine.models import BackgroundJob
from tests.chaos.counts import settle
from tests.chaos.stream import Stream
from tests.support.clusters import running_cluster
from tests.support.sample_jobs import DeadlyNoteJob, GreedyNoteJob, NoteJob
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def test_a_killed_worker_gives_its_job_back(tmp_path, journal):
    with running_cluster(tmp_path) as cluster, Stream() as stream:
        job = NoteJob.using(priority=-10).enqueue("long", 1)
        journal.wait_for("long")
        job.refresh_from_db()
        os.kill(job.worker_pid, signal.SIGKILL)
        journal.wait_for("long", "finished")
        job.refresh_from_db()
        assert (job.attempts, job.crashes) == (2, 1)
        assert [attempt.error_class for attempt in job.failed_attempts.all()] == ["WorkerDied"]
        stream.stop()
        counts = settle(journal, cluster, saved=stream.saved)
        assert (counts.repeated, counts.explained) == (1, 1)


def test_killed_idle_workers_are_replaced(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        for _ in range(2):
            pids = cluster.row.worker_pids
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            wait_until(lambda pids=pids: not set(pids) & set(cluster.row.worker_pids), what="new workers")
        assert settle(journal, cluster).repeated == 0


def test_workers_killed_all_the_time_under_load_lose_nothing(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        with Stream(every=0.01, long=0.3) as stream:
            for blow in range(6):
                time.sleep(0.6)
                pids = cluster.row.worker_pids
                # One of before may be gone already.
                with suppress(ProcessLookupError):
                    os.kill(pids[blow % len(pids)], signal.SIGKILL)
        settle(journal, cluster, saved=stream.saved)


def test_a_job_that_kills_its_workers_is_discarded_after_three(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        with Stream() as stream:
            deadly = DeadlyNoteJob.enqueue("deadly")
            wait_until(lambda: BackgroundJob.objects.filter(pk=deadly.pk, finished_at__isnull=False).exists())
        assert settle(journal, cluster, saved=stream.saved).crashed == 1
        deadly.refresh_from_db()
        assert deadly.error == "WorkerDied: the worker process died while it ran the job"
        assert (deadly.attempts, deadly.crashes, journal.runs()[deadly.pk]) == (3, 3, 3)


def test_a_worker_that_uses_too_much_memory_is_replaced_after_its_job(tmp_path, journal):
    with running_cluster(tmp_path, JOBS_WORKERS="1", JOBS_MAX_RSS="250") as cluster:
        NoteJob.enqueue("small")
        journal.wait_for("small", "finished")
        before = cluster.row.worker_pids
        greedy = GreedyNoteJob.enqueue("greedy", 250)
        wait_until(lambda: cluster.row.worker_pids not in (before, []), what="a new worker")
        greedy.refresh_from_db()
        assert (greedy.attempts, greedy.error) == (1, None)
        assert settle(journal, cluster).repeated == 0
