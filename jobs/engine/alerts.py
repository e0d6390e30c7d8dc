"""Emails to the admins about jobs that were discarded."""

from __future__ import annotations

from jobs.engine.models import BackgroundJob


def count(job: BackgroundJob) -> None:
    """Count a job that was discarded with an error; tells the admins, at most once an hour."""
