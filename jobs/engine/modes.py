"""Who performs what is enqueued: JOBS_MODE.

"external": the workers of manage.py qcluster. "async": threads of the web process, see `threads`. "inline":
whoever enqueues it, at once, see `inline`. "testing": nobody, until a test asks for it, see `testing`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured

from jobs.engine import conf
from jobs.engine.models import BackgroundJob

MODES = ("external", "async", "inline", "testing")

# What to do with a job of this mode once it is saved; "external" and "testing" leave it to others.
performers: dict[str, Callable[[BackgroundJob], None]] = {}


def current() -> str:
    """The mode, as the settings have it now. Raises ImproperlyConfigured for one that does not exist."""
    mode = conf.mode()
    if mode not in MODES:
        raise ImproperlyConfigured(f"JOBS_MODE is {mode!r}; it must be one of {', '.join(MODES)}")
    return mode


def enqueued(job: BackgroundJob) -> None:
    """A job was saved."""
    if performer := performers.get(current()):
        performer(job)


def is_inline() -> bool:
    """Is each job performed where it is enqueued?"""
    return current() == "inline"
