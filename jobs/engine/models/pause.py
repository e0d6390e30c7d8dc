"""Queues and job classes that are paused."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class PauseKind(models.TextChoices):
    QUEUE = "queue"
    JOB_CLASS = "job_class"


class Pause(models.Model):
    """No job of this queue or class is started until it is resumed."""

    kind = models.TextField(choices=PauseKind)
    name = models.TextField()
    paused_at = models.DateTimeField(db_default=Now())
    paused_by = models.TextField(blank=True)

    class Meta:
        db_table = "background_job_pauses"
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="background_job_pauses_name")]

    def __str__(self) -> str:
        return f"{PauseKind(self.kind).label.lower()} {self.name}"
