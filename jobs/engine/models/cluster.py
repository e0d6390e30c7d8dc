"""Running workers."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from jobs.engine.models.row_json import RowJSONField


class WorkerCluster(models.Model):
    """A running qcluster: its heartbeat and the workers that are alive."""

    id = models.UUIDField(primary_key=True)
    host = models.TextField()
    pid = models.IntegerField()
    sentinel_pid = models.IntegerField()
    worker_pids = ArrayField(models.IntegerField(), default=list)
    queue_name = models.TextField()
    status = models.TextField()
    # The other figures of django-q2's Stat, for qmonitor and qinfo; memory of each process.
    stat = RowJSONField(default=dict)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "background_job_clusters"

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"

    @property
    def memory(self) -> dict[str, int]:
        """KiB by pid, as far as the heartbeat tells."""
        told = self.stat.get("memory") if isinstance(self.stat, dict) else None
        return (
            {pid: size for pid, size in told.items() if isinstance(size, int)}
            if isinstance(told, dict)
            else {}
        )


class Sleeper(models.Model):
    """Does this cluster wait for a notification? Kept in an unlogged table, for it changes all the time."""

    cluster_id = models.UUIDField(primary_key=True)
    is_asleep = models.BooleanField(default=False)

    class Meta:
        db_table = "background_job_sleepers"

    def __str__(self) -> str:
        return str(self.cluster_id)
