"""When the admins were last told about an error."""

from __future__ import annotations

from django.db import models


class FailureAlert(models.Model):
    """The last email about jobs of a class that were discarded with an error, and how many were since."""

    job_class = models.TextField()
    error_class = models.TextField()
    sent_at = models.DateTimeField()
    # Discarded since then, and not told yet.
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "background_job_alerts"
        constraints = [
            models.UniqueConstraint(fields=["job_class", "error_class"], name="background_job_alerts_error")
        ]

    def __str__(self) -> str:
        return f"{self.job_class} {self.error_class}"
