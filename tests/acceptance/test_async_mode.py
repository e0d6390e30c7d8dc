"""JOBS_MODE=async: a web server alone, without a cluster, performs the jobs."""

import os
import signal

import pytest

from jobs.engine.models import BackgroundJob, WorkerCluster
from tests.support.clusters import all_finished
from tests.support.sample_jobs import EndlessJob, RecordJob
from tests.support.waiting import PATIENCE, wait_until
from tests.support.web_servers import free_port, get, server

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]


def test_runserver_performs_what_waits_without_being_asked(tmp_path):
    job = RecordJob.enqueue(1)
    with server(tmp_path, "manage.py", "runserver", f"127.0.0.1:{free_port()}") as process:
        wait_until(all_finished)
        assert WorkerCluster.objects.count() == 1, "the process that watches the files has no threads"
        os.killpg(process.pid, signal.SIGINT)
        process.wait(PATIENCE)
    job.refresh_from_db()
    assert (job.attempts, job.error) == (1, None)
    # What watches the files may end before the server that it started.
    wait_until(lambda: not WorkerCluster.objects.exists(), what="it to say good-bye")


def test_each_process_of_gunicorn_has_threads_after_its_fork(tmp_path):
    port = free_port()
    gunicorn = ["-m", "gunicorn", "booru.wsgi", "--preload", "--bind", f"127.0.0.1:{port}"]
    with server(tmp_path, *gunicorn) as process:
        get(port)
        RecordJob.enqueue(1)
        wait_until(all_finished)
        worker = WorkerCluster.objects.get()
        assert worker.pid != process.pid
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    assert not WorkerCluster.objects.exists()


def test_a_killed_server_gives_its_jobs_back(tmp_path):
    port = free_port()
    gunicorn = ["-m", "gunicorn", "booru.wsgi", "--bind", f"127.0.0.1:{port}"]
    with server(tmp_path, *gunicorn, JOBS_STOP_TIMEOUT="1"):
        get(port)
        job = EndlessJob.enqueue()  # for minutes: threads know no time limit
        wait_until(lambda: BackgroundJob.objects.running().exists())
        os.kill(WorkerCluster.objects.get().pid, signal.SIGKILL)
        get(port)
        wait_until(lambda: job_now(job).attempts == 2, what="the job to be given to the new process")
        assert job_now(job).crashes == 0, "its whole cluster died with it"


def job_now(job):
    return BackgroundJob.objects.get(pk=job.pk)


def test_a_management_command_starts_no_threads(tmp_path):
    job = RecordJob.enqueue(1)
    with server(tmp_path, "manage.py", "shell", "-c", "import time; time.sleep(3)") as process:
        process.wait(PATIENCE)
    assert job_now(job).attempts == 0
    assert not WorkerCluster.objects.exists()
