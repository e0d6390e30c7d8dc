"""A cluster loses its processes, its connections and itself; its jobs must not notice."""

import os
import signal
import time
from collections import Counter

import pytest
from django.db import connection

from jobs.engine.models import BackgroundJob, WorkerCluster
from tests.clusters import all_finished, is_gone, running_cluster, wait_until
from tests.jobs.engine.sample_jobs import DeadlyJob, LogJob

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def log():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE chaos_log (n int, what text)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE chaos_log")


def runs(what="finished"):
    """How often each job got that far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM chaos_log WHERE what = %s", [what])
        return Counter(n for (n,) in cursor.fetchall())


def enqueue(count=20, start=100):
    for n in range(start, start + count):
        LogJob.enqueue(n)


def assert_each_ran_once(count=20, start=100):
    wait_until(all_finished, what="all jobs to finish")
    finished = runs()
    assert {n: times for n, times in finished.items() if n >= start} == dict.fromkeys(
        range(start, start + count), 1
    )
    assert not BackgroundJob.objects.discarded().exists()


def start_long_job(seconds=2.0):
    LogJob.enqueue(1, seconds)
    wait_until(lambda: runs("started")[1] == 1, what="the long job to start")
    return BackgroundJob.objects.running().get()


def test_a_killed_worker_gives_its_job_back(tmp_path):
    with running_cluster(tmp_path):
        job = start_long_job()
        os.kill(job.worker_pid, signal.SIGKILL)
        enqueue()
        assert_each_ran_once()
        job.refresh_from_db()
        assert (job.attempts, job.crashes) == (2, 1)
        assert runs("started")[1] == 2
        assert runs()[1] == 1
        assert [attempt.error_class for attempt in job.failed_attempts.all()] == ["WorkerDied"]


def test_killed_idle_workers_do_not_freeze_the_cluster(tmp_path):
    with running_cluster(tmp_path) as cluster:
        for pid in cluster.row.worker_pids:
            os.kill(pid, signal.SIGKILL)
        enqueue()
        assert_each_ran_once()
        cluster.signal(signal.SIGTERM)
        assert cluster.wait() == 0


@pytest.mark.parametrize("who", ["pusher", "monitor"])
def test_a_killed_helper_process_is_replaced(tmp_path, who):
    with running_cluster(tmp_path) as cluster:
        pid = cluster.row.stat[who]
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: cluster.row.stat[who] not in {pid, 0}, what=f"a new {who}")
        enqueue()
        assert_each_ran_once()
        cluster.signal(signal.SIGTERM)
        assert cluster.wait() == 0


def test_sigterm_lets_a_running_job_finish(tmp_path):
    with running_cluster(tmp_path) as cluster:
        pids = cluster.pids()
        job = start_long_job()
        cluster.signal(signal.SIGTERM)
        assert cluster.wait() == 0
        job.refresh_from_db()
        assert (job.attempts, job.error) == (1, None)
        assert runs()[1] == 1
        wait_until(lambda: all(is_gone(pid) for pid in pids), what="every process to be gone")
        assert not WorkerCluster.objects.exists()


def test_no_new_job_is_started_while_stopping(tmp_path):
    with running_cluster(tmp_path, JOBS_WORKERS="1") as cluster:
        start_long_job()
        enqueue(5)
        cluster.signal(signal.SIGTERM)
        assert cluster.wait() == 0
        assert BackgroundJob.objects.queued().count() == 5


@pytest.mark.parametrize(
    ("how", "number"),
    [
        ("master", signal.SIGKILL),
        ("sentinel", signal.SIGKILL),
        ("group", signal.SIGTERM),
        ("group", signal.SIGKILL),
    ],
)
def test_the_jobs_of_a_killed_cluster_go_to_the_next(tmp_path, how, number):
    with running_cluster(tmp_path) as cluster:
        pids = cluster.pids()
        start_long_job()
        if how == "master":
            cluster.signal(number)
        elif how == "sentinel":
            os.kill(cluster.row.sentinel_pid, number)
        else:
            cluster.signal_group(number)
        cluster.wait()
        wait_until(lambda: all(is_gone(pid) for pid in pids), what="every process to be gone")
    with running_cluster(tmp_path):
        enqueue()
        assert_each_ran_once()
        assert (runs("started")[1], runs()[1]) == (2, 1)


def test_ctrl_c_lets_a_running_job_finish(tmp_path):
    with running_cluster(tmp_path) as cluster:
        start_long_job()
        cluster.signal_group(signal.SIGINT)
        assert cluster.wait() == 0
        assert runs()[1] == 1


def test_lost_database_connections_are_replaced(tmp_path):
    with running_cluster(tmp_path):
        start_long_job()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        enqueue()
        wait_until(all_finished, what="all jobs to finish")
        # The long job wrote its second row over a dead connection: it failed, and its row says so.
        assert BackgroundJob.objects.discarded().count() == 1
        assert all(runs()[n] == 1 for n in range(100, 120))


def test_a_job_that_kills_its_workers_is_discarded_after_three(tmp_path):
    with running_cluster(tmp_path):
        deadly = DeadlyJob.enqueue(7)
        enqueue()
        wait_until(all_finished, what="all jobs to finish")
        deadly.refresh_from_db()
        assert deadly.error == "WorkerDied: the worker process died while it ran the job"
        assert (deadly.attempts, deadly.crashes, runs("started")[7]) == (3, 3, 3)
        assert all(runs()[n] == 1 for n in range(100, 120))


def test_a_slow_job_is_never_given_out_twice(tmp_path):
    with running_cluster(tmp_path), running_cluster(tmp_path):
        start_long_job(14)
        enqueue()
        assert_each_ran_once()
        assert (runs("started")[1], runs()[1]) == (1, 1)


def test_a_cluster_that_slept_does_not_finish_what_another_took_over(tmp_path):
    with running_cluster(tmp_path) as sleeper, running_cluster(tmp_path) as other:
        wait_until(lambda: time.time() - other.row.started_at.timestamp() > 11, what="the other may judge")
        other.signal_group(signal.SIGSTOP)
        job = start_long_job(1)
        assert job.claimed_by == sleeper.row.pk
        sleeper.signal_group(signal.SIGSTOP)
        other.signal_group(signal.SIGCONT)
        wait_until(all_finished, what="the other to take over")
        job.refresh_from_db()
        before = (job.attempts, job.finished_at)
        sleeper.signal_group(signal.SIGCONT)
        enqueue()
        assert_each_ran_once()
        time.sleep(2)
        job.refresh_from_db()
        assert (job.attempts, job.finished_at) == before
        assert job.attempts == 2
