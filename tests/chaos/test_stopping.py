"""Clusters are told to stop."""

import signal
import time

import pytest

from jobs.engine.models import BackgroundJob, WorkerCluster
from tests.chaos.counts import Counts, settle, stop
from tests.chaos.stream import Stream
from tests.support.clusters import is_gone, running_cluster
from tests.support.sample_jobs import NoteJob
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("how", ["sigterm", "ctrl-c", "systemd"])
def test_a_stop_lets_running_jobs_finish_and_starts_no_other(tmp_path, journal, how):
    with running_cluster(tmp_path, JOBS_WORKERS="1") as cluster:
        pids = cluster.pids()
        NoteJob.enqueue("long", 1.5)
        journal.wait_for("long")
        NoteJob.enqueue_many([(f"waiting-{n}",) for n in range(5)])
        if how == "sigterm":
            cluster.signal(signal.SIGTERM)
        else:
            cluster.signal_group(signal.SIGINT if how == "ctrl-c" else signal.SIGTERM)
        assert cluster.wait() == 0
        wait_until(lambda: all(is_gone(pid) for pid in pids), what="every process to be gone")
    assert journal.labels("started") == journal.labels() == ["long"]
    assert BackgroundJob.objects.queued().count() == 5
    assert not BackgroundJob.objects.running().exists()
    assert not WorkerCluster.objects.exists()


def test_stopping_under_load_loses_nothing(tmp_path, journal):
    with Stream() as stream:
        for _ in range(2):
            with running_cluster(tmp_path) as cluster:
                time.sleep(1)
                stop(cluster)
                assert Counts.take(journal).running == 0
    with running_cluster(tmp_path) as cluster:
        assert settle(journal, cluster, saved=stream.saved).repeated == 0


def test_a_job_that_does_not_end_goes_back_to_the_queue(tmp_path, journal):
    with running_cluster(tmp_path, JOBS_STOP_TIMEOUT="2") as cluster:
        pids = cluster.pids()
        job = NoteJob.enqueue("endless", 600)
        journal.wait_for("endless")
        assert stop(cluster) > 2
        assert all(is_gone(pid) for pid in pids)
        job.refresh_from_db()
        assert (job.performed_at, job.claimed_by, job.crashes) == (None, None, 0)
        assert [attempt.error_class for attempt in job.failed_attempts.all()] == ["WorkerStopped"]
    BackgroundJob.objects.filter(pk=job.pk).update(arguments={"args": ["endless", 0]})
    with running_cluster(tmp_path) as cluster:
        assert settle(journal, cluster, saved=[job.pk]).repeated == 1


def test_signals_while_it_stops_or_starts_do_not_hurry_it(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        NoteJob.enqueue("long", 2)
        journal.wait_for("long")
        for _ in range(3):
            cluster.signal(signal.SIGTERM)
            cluster.signal(signal.SIGINT)
            time.sleep(0.3)
        assert cluster.wait() == 0
    assert journal.labels() == ["long"]
    assert Counts.take(journal).running == 0
