"""Pausing queues and job classes, and resuming them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now

from jobs.engine.insight import job_search
from jobs.engine.models import BackgroundJob, Hold, Pause, PauseKind
from jobs.engine.queue import holds
from jobs.engine.sql.waking import wake_workers


def pause(kind: PauseKind, name: str, by: str = "") -> bool:
    """Start no more jobs of a queue, or of a class. False when it is paused already.

    A class is named by its dotted path, or without it if only one class of that name has jobs in the table.
    What runs goes on. Raises ValueError for a name that PostgreSQL cannot hold, none at all, or a class name
    without a path that is not one class's.
    """
    if not name or "\0" in name:
        raise ValueError("a queue or class needs a name")
    if kind == PauseKind.JOB_CLASS:
        name = class_path(name)
    _, is_new = Pause.objects.get_or_create(kind=kind, name=name, defaults={"paused_by": by})
    if kind == PauseKind.JOB_CLASS:
        while holds.hold_paused_class(name) == holds.HELD_AT_ONCE:
            pass
    return is_new


def resume(kind: PauseKind, name: str) -> bool:
    """Start the jobs of a queue or class, named as in pause(), again. False when it was not paused."""
    name = name.replace("\0", "")
    if kind == PauseKind.JOB_CLASS:
        found = _of_that_name(name, Pause.objects.filter(kind=kind).values_list("name", flat=True))
        name = found[0] if len(found) == 1 else name
    with transaction.atomic():
        # A worker that is putting jobs aside holds the row: this waits for it, and then sees what it did.
        deleted, _ = Pause.objects.filter(kind=kind, name=name).delete()
        if deleted and kind == PauseKind.JOB_CLASS:
            held = BackgroundJob.objects.unfinished().filter(job_class=name, held=Hold.PAUSE)
            held.update(held=None, updated_at=Now())
        wake_workers()
    return bool(deleted)


def paused() -> list[Pause]:
    """What is paused: classes, then queues."""
    return list(Pause.objects.all())


def class_path(name: str) -> str:
    """The dotted path of a class that is named without it; a path stays as it is. Raises ValueError."""
    if "." in name:
        return name
    found = _of_that_name(name, job_search.job_classes())
    match found:
        case [path]:
            return path
        case []:
            raise ValueError(f"no job of a class {name} is there; give the dotted path of the class")
    raise ValueError(f"{name} may be {' or '.join(found)}")


def _of_that_name(name: str, paths: Iterable[str]) -> list[str]:
    """The path itself if it is one of them; otherwise those that end with the name."""
    known = list(paths)
    return [name] if name in known else [path for path in known if path.rpartition(".")[2] == name]
