"""How far a running job is."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from jobs.engine.models.job import BackgroundJob


class JobProgress(models.Model):
    """What a job said last about itself: done of total, and a line of text."""

    job = models.OneToOneField(BackgroundJob, models.CASCADE, primary_key=True, related_name="progress")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    # The most that was done when a worker died on it: one that comes farther each time is not to blame.
    done_at_death = models.BigIntegerField(null=True)
    text = models.TextField(blank=True)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "background_job_progress"

    @property
    def percent(self) -> int | None:
        """Whole per cent, 0 to 100; None when nobody knows the total."""
        if not self.total or self.total < 0:
            return None
        return max(0, min(100, self.done * 100 // self.total))
