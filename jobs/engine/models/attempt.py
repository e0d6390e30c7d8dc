"""Attempts that failed."""

from __future__ import annotations

from django.db import models

from jobs.engine.models.job import BackgroundJob


class JobAttempt(models.Model):
    """An attempt that failed; success leaves no row here."""

    job = models.ForeignKey(BackgroundJob, models.CASCADE, related_name="failed_attempts")
    number = models.PositiveIntegerField()
    error_class = models.TextField()
    message = models.TextField()
    backtrace = models.TextField(blank=True)
    started_at = models.DateTimeField()
    duration = models.DurationField()
    worker = models.TextField(blank=True)

    class Meta:
        db_table = "background_job_attempts"
        ordering = ["number", "id"]
