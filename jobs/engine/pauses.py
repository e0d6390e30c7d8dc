"""Pausing queues and job classes, and resuming them."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now

from jobs.engine import holds
from jobs.engine.models import BackgroundJob, Hold, Pause, PauseKind
from jobs.engine.sql import wake_workers


def pause(kind: PauseKind, name: str, by: str = "") -> bool:
    """Start no more jobs of a queue, or of a class (by its dotted path). False when it is paused already.

    What runs goes on. Raises ValueError for a name that PostgreSQL cannot hold, or none at all.
    """
    if not name or "\0" in name:
        raise ValueError("a queue or class needs a name")
    _, is_new = Pause.objects.get_or_create(kind=kind, name=name, defaults={"paused_by": by})
    if kind == PauseKind.JOB_CLASS:
        holds.hold_paused_class(name)
    return is_new


def resume(kind: PauseKind, name: str) -> bool:
    """Start the jobs of a queue or class again. False when it was not paused."""
    with transaction.atomic():
        # A worker that is putting jobs aside holds the row: this waits for it, and then sees what it did.
        deleted, _ = Pause.objects.filter(kind=kind, name=name.replace("\0", "")).delete()
        if deleted and kind == PauseKind.JOB_CLASS:
            held = BackgroundJob.objects.unfinished().filter(job_class=name, held=Hold.PAUSE)
            held.update(held=None, updated_at=Now())
        wake_workers()
    return bool(deleted)


def paused() -> list[Pause]:
    """What is paused: classes, then queues."""
    return list(Pause.objects.all())
