"""JOBS_MODE "async": threads of this process, and of real servers."""

import os
import threading
import time
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import connection, transaction
from django.utils import timezone

from jobs.engine.base import Job
from jobs.engine.batches import new_batch
from jobs.engine.cluster import heartbeat
from jobs.engine.in_process import threads
from jobs.engine.in_process.thread_pool import ThreadPool
from jobs.engine.models import BackgroundJob, JobStatus, WorkerCluster
from jobs.engine.queue import claims
from tests.support.clusters import all_finished
from tests.support.mode_jobs import BatchDoneJob, GreetJob, HookJob, ThreadNameJob, WaitingJob
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def async_mode(settings):
    settings.JOBS_MODE = "async"
    WaitingJob.started.clear()
    WaitingJob.may_end.clear()
    yield
    WaitingJob.may_end.set()
    threads.stop()
    wait_until(lambda: not pool_threads(), what="the threads to end")


def pool_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("jobs-")]


def status(job):
    return BackgroundJob.objects.annotate_status().get(pk=job.pk).status_now


def test_jobs_run_in_threads_of_this_process(calls):
    threads.start()
    ThreadNameJob.enqueue()
    wait_until(all_finished)
    assert calls[0].startswith("jobs-")


def test_jobs_of_before_the_start_run_too(calls):
    ThreadNameJob.enqueue()
    assert pool_threads() == []
    threads.start()
    wait_until(all_finished)
    assert len(calls) == 1


def test_a_job_starts_at_once_but_never_before_the_commit(calls):
    threads.start()
    wait_until(lambda: len(pool_threads()) == 3)
    with transaction.atomic():
        job = GreetJob.enqueue("Mia")
        time.sleep(1)
        assert calls == []
        committed_after = timezone.now()
    wait_until(all_finished)
    job.refresh_from_db()
    assert job.performed_at > committed_after


def test_without_autocommit_it_is_the_same(calls):
    threads.start()
    transaction.set_autocommit(False)
    GreetJob.enqueue("Mia")
    transaction.rollback()
    GreetJob.enqueue("Bella")
    transaction.commit()
    transaction.set_autocommit(True)
    wait_until(all_finished)
    assert calls == [("Bella", False)]


def test_two_jobs_run_side_by_side(settings, calls):
    settings.JOBS_ASYNC_THREADS = 2
    threads.start()
    WaitingJob.enqueue()
    wait_until(WaitingJob.started.is_set)
    job = GreetJob.enqueue("Mia")
    wait_until(lambda: status(job) == JobStatus.SUCCEEDED)
    assert BackgroundJob.objects.running().count() == 1


def test_a_queue_with_a_limit_leaves_a_thread_free(settings):
    settings.JOBS_ASYNC_THREADS, settings.JOBS_QUEUE_LIMITS = 2, {"slow": -1}
    threads.start()
    WaitingJob.using(queue_name="slow").enqueue()
    wait_until(WaitingJob.started.is_set)
    waits = GreetJob.using(queue_name="slow").enqueue("Mia")
    other = GreetJob.enqueue("Bella")
    wait_until(lambda: status(other) == JobStatus.SUCCEEDED)
    assert status(waits) == JobStatus.QUEUED


def test_the_threads_look_after_hooks_and_batches(calls):
    threads.start()
    HookJob.enqueue("value")
    with new_batch("greetings", on_finish=BatchDoneJob) as batch:
        GreetJob.using(batch=batch).enqueue("Mia")
    wait_until(lambda: len(calls) == 3)
    assert ("ValueError", "value") in calls
    assert "greetings is done" in calls


def test_the_threads_are_a_cluster_of_their_own(settings):
    settings.JOBS_ASYNC_THREADS = 3
    pool = threads.start()
    wait_until(lambda: len(heartbeat.live_clusters()) == 1 and len(cluster(pool).worker_pids) == 3)
    workers = [thread.native_id for thread in pool_threads() if thread.name != "jobs-keeper"]
    assert sorted(cluster(pool).worker_pids) == sorted(workers)
    assert cluster(pool).pid == os.getpid()
    threads.stop()
    assert not WorkerCluster.objects.exists()


def cluster(pool):
    return WorkerCluster.objects.get(pk=pool.cluster_id)


def test_a_job_of_a_thread_is_not_taken_for_lost(calls):
    pool = threads.start()
    WaitingJob.enqueue()
    wait_until(WaitingJob.started.is_set)
    beat = cluster(pool).beat_at
    wait_until(lambda: cluster(pool).beat_at > beat + timedelta(seconds=2))
    WaitingJob.may_end.set()
    wait_until(all_finished)
    assert BackgroundJob.objects.get().attempts == 1
    assert calls == ["ended"]


def test_no_error_of_a_job_ends_its_thread(settings, calls):
    settings.JOBS_ASYNC_THREADS = 1
    threads.start()
    job = DyingJob.enqueue()
    ThreadNameJob.enqueue()
    ThreadNameJob.enqueue()
    wait_until(lambda: len(calls) == 2)
    job.refresh_from_db()
    assert (job.attempts, job.crashes, job.error) == (1, 0, "KeyboardInterrupt: of the job")
    assert len(set(calls)) == 1


class DyingJob(Job):
    def perform(self):
        raise KeyboardInterrupt("of the job")


def test_stopping_waits_for_what_runs(calls):
    threads.start()
    WaitingJob.enqueue()
    wait_until(WaitingJob.started.is_set)
    threading.Timer(0.5, WaitingJob.may_end.set).start()
    threads.stop()
    assert calls == ["ended"]
    assert all_finished()


def test_stopping_puts_back_what_does_not_end(settings, calls):
    settings.JOBS_STOP_TIMEOUT = timedelta(seconds=0.5)
    threads.start()
    job = WaitingJob.enqueue()
    wait_until(WaitingJob.started.is_set)
    threads.stop()
    assert status(job) == JobStatus.QUEUED
    job.refresh_from_db()
    assert (job.crashes, job.error) == (
        0,
        "WorkerStopped: the workers were stopped before the job had finished",
    )
    WaitingJob.may_end.set()
    wait_until(lambda: calls == ["ended"])
    wait_until(lambda: not pool_threads())
    assert status(job) == JobStatus.QUEUED, "what the thread did after that does not count"


def test_they_can_be_started_again(calls):
    first = threads.start()
    assert threads.start() is first
    threads.stop()
    assert threads.start() is not first
    GreetJob.enqueue("Mia")
    wait_until(all_finished)


def test_connections_that_break_are_made_again(calls):
    threads.start()
    GreetJob.enqueue("Mia")
    wait_until(all_finished)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    GreetJob.enqueue("Bella")
    wait_until(all_finished)
    assert [name for name, _ in calls] == ["Mia", "Bella"]


@pytest.mark.parametrize("handler", [WSGIHandler, ASGIHandler])
def test_the_first_request_to_a_server_starts_them(handler):
    async_to_sync(request_started.asend)(sender=handler)
    wait_until(pool_threads)


def test_the_test_client_starts_none(client):
    client.get("/jobs.json")
    assert pool_threads() == []


def test_a_request_in_another_mode_starts_none(settings):
    settings.JOBS_MODE = "external"
    request_started.send(sender=WSGIHandler, environ={})
    assert pool_threads() == []


def test_a_fork_starts_threads_of_its_own():
    pool = threads.start()
    pid = os.fork()
    if pid == 0:
        started = threads._pool is None and isinstance(threads.start(), ThreadPool)
        os._exit(0 if started and threads.start() is not pool else 1)
    assert os.waitpid(pid, 0)[1] == 0


def test_a_process_that_cannot_start_threads_for_a_while_starts_them_later(calls, monkeypatch):
    start = threading.Thread.start
    refused = []

    def refuse(thread):
        if thread.name.startswith("jobs-") and thread.name != "jobs-keeper" and len(refused) < 2:
            refused.append(thread.name)
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    GreetJob.enqueue("Mia")
    threads.start()
    wait_until(all_finished)
    assert len(refused) == 2


def test_a_fault_of_the_engine_costs_no_job_anything(calls, monkeypatch):
    load, faults = claims._load, []

    def fail(values):
        if not faults:
            faults.append(values)
            raise SystemExit("while a job is taken")
        return load(values)

    monkeypatch.setattr(claims, "_load", fail)
    job = GreetJob.enqueue("Mia")
    threads.start()
    wait_until(all_finished)
    job.refresh_from_db()
    assert (len(faults), job.crashes, job.error, len(calls)) == (1, 0, None, 1)
