"""Which clusters are alive, whatever the database's clock does."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from jobs.engine.cluster import heartbeat, housekeeping
from jobs.engine.cluster.heartbeat import Watch
from jobs.engine.insight.workforce import cluster_states
from jobs.engine.models import BackgroundJob, WorkerCluster
from jobs.engine.queue.claims import claim_next
from jobs.engine.queue.scope import Worker
from tests.support.clusters import wait_until
from tests.support.sample_jobs import RecordJob

pytestmark = pytest.mark.django_db

JUMPS = [timedelta(hours=1), timedelta(), timedelta(hours=-3)]


@pytest.fixture
def cluster():
    return WorkerCluster.objects.create(
        pk=uuid.uuid4(),
        host="web",
        pid=1,
        sentinel_pid=2,
        worker_pids=[3],
        queue_name="*",
        status="Idle",
        stat={"memory": {}},
        started_at=timezone.now(),
    )


@pytest.mark.parametrize("jump", JUMPS)
def test_a_cluster_is_silent_when_its_heartbeat_stays_the_same(monkeypatch, cluster, jump):
    WorkerCluster.objects.update(beat_at=Now() + jump)
    watch = Watch()
    assert watch.silent_clusters() == []
    monkeypatch.setattr(heartbeat, "DEAD_AFTER", 0.2)
    wait_until(lambda: watch.silent_clusters() == [cluster.pk])
    WorkerCluster.objects.update(beat_at=Now() - jump + timedelta(seconds=1))
    assert watch.silent_clusters() == []


def test_who_died_before_the_clock_was_set_back_is_not_up(cluster):
    assert heartbeat.live_clusters() == [cluster]
    WorkerCluster.objects.update(beat_at=Now() + timedelta(hours=1))
    assert heartbeat.live_clusters() == []
    assert not cluster_states()[0].is_alive
    heartbeat.forget_the_dead([])
    assert WorkerCluster.objects.exists()
    heartbeat.forget_the_dead([cluster.pk])
    assert not WorkerCluster.objects.exists()


@pytest.mark.parametrize("jump", JUMPS)
def test_a_sentinel_knows_its_own_dead_without_a_clock(monkeypatch, cluster, jump):
    alive, dead = RecordJob.enqueue(), RecordJob.enqueue()
    for job, pid in ((alive, 3), (dead, 4)):
        assert claim_next(Worker(cluster.pk, pid)) == job
    BackgroundJob.objects.update(performed_at=Now() + jump)
    monkeypatch.setattr(housekeeping, "_workers", (cluster.pk, lambda: [3]))
    housekeeping.release_lost_jobs()
    assert set(BackgroundJob.objects.running()) == {alive}
    dead.refresh_from_db()
    assert dead.crashes == 1
