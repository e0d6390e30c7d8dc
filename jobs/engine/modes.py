"""Who performs what is enqueued: JOBS_MODE."""

from __future__ import annotations

from collections.abc import Callable

from jobs.engine import conf
from jobs.engine.models import BackgroundJob

# What to do with a job of this mode once it is saved; "external" and "testing" leave it to others.
performers: dict[str, Callable[[BackgroundJob], None]] = {}


def enqueued(job: BackgroundJob) -> None:
    """A job was saved."""
    if performer := performers.get(conf.mode()):
        performer(job)


def is_inline() -> bool:
    """Is each job performed where it is enqueued?"""
    return conf.mode() == "inline"
