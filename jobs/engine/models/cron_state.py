"""What is remembered of the entries of the schedule."""

from __future__ import annotations

from django.db import models


class CronState(models.Model):
    """An entry's switch and its last tick; the entry itself is declared in code."""

    key = models.TextField(primary_key=True)
    enabled = models.BooleanField(default=True)
    last_tick_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "background_job_cron"

    def __str__(self) -> str:
        return self.key
