"""The system has no room for another process: the cluster says so once, and is whole again when there is."""

import os
import signal

import pytest

from tests.chaos.counts import settle
from tests.support.clusters import running_cluster
from tests.support.sample_jobs import NoteJob
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def crowd(tmp_path, monkeypatch):
    path = tmp_path / "crowd"
    monkeypatch.setenv("CHAOS_CROWD", str(path))
    monkeypatch.setenv("CHAOS_APP", "tests.chaos.rude.CrowdedApp")
    return path


def test_processes_that_cannot_be_replaced_now_are_replaced_later(tmp_path, journal, crowd):
    with running_cluster(tmp_path) as cluster:
        crowd.touch()
        row = cluster.row
        for pid in (row.worker_pids[0], row.stat["pusher"], row.stat["monitor"]):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: "Cannot start a process of the cluster" in cluster.log.read_text())
        beat = cluster.row.beat_at
        wait_until(lambda: cluster.row.beat_at > beat, what="its heart to go on beating")
        assert cluster.row.sentinel_pid == row.sentinel_pid
        crowd.unlink()
        wait_until(cluster.is_whole, what="all processes to be there")
        assert settle(journal, cluster, saved=[NoteJob.enqueue("after").pk]).repeated == 0
    assert cluster.log.read_text().count("Cannot start") == 1


def test_a_sentinel_that_cannot_be_replaced_now_is_replaced_later(tmp_path, journal, crowd):
    with running_cluster(tmp_path) as cluster:
        crowd.touch()
        os.kill(cluster.row.sentinel_pid, signal.SIGKILL)
        wait_until(lambda: "Cannot start another sentinel" in cluster.log.read_text())
        saved = [NoteJob.enqueue("waits").pk]
        crowd.unlink()
        journal.wait_for("waits", "finished")
        wait_until(cluster.is_up)
        assert settle(journal, saved=saved).repeated == 0
    assert cluster.log.read_text().count("Cannot start") == 1


def test_a_cluster_that_waits_for_room_can_be_stopped(tmp_path, crowd):
    with running_cluster(tmp_path) as cluster:
        crowd.touch()
        os.kill(cluster.row.sentinel_pid, signal.SIGKILL)
        wait_until(lambda: "Cannot start another sentinel" in cluster.log.read_text())
        cluster.signal(signal.SIGTERM)
        assert cluster.wait() == 0
