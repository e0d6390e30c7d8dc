"""Lock keys that somebody decided about when another wanted to."""

from __future__ import annotations

from django.db import models


class LockCheck(models.Model):
    """Look again whether the first job of this key may start; there may be several of a key."""

    key = models.TextField()

    class Meta:
        db_table = "background_job_lock_checks"

    def __str__(self) -> str:
        return self.key
