"""Groups of jobs that end together."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from jobs.engine.models.ids import uuid7
from jobs.engine.models.row_json import RowJSONField


class JobBatch(models.Model):
    """A group of jobs; when the last of them has finished, its callback jobs are enqueued."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=uuid7, editable=False
    )
    description = models.TextField(blank=True)
    # "finish", "success" and "discard" to the job that is enqueued then.
    callbacks = RowJSONField(default=dict)
    # What the callbacks may want to know, encoded like arguments.
    properties = RowJSONField(default=dict)
    enqueued_at = models.DateTimeField(db_default=Now())
    # From then on no job is added, and the batch may finish.
    sealed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Of jobs whose rows are deleted: how many had succeeded, and how many had failed or were never run.
    gone_succeeded = models.PositiveIntegerField(default=0, db_default=0)
    gone_failed = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "background_job_batches"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"],
                name="background_job_batches_open",
                condition=models.Q(finished_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.description or f"batch {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:batch", args=[self.pk])
