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
# Modes that see to the saving, too: given the job and what saves it, which tells whether it did.
savers: dict[str, Callable[[BackgroundJob, Callable[[], bool]], bool]] = {}


def current() -> str:
    """The mode, as the settings have it now. Raises ImproperlyConfigured for one that does not exist."""
    mode = conf.mode()
    if mode not in MODES:
        raise ImproperlyConfigured(f"JOBS_MODE is {mode!r}; it must be one of {', '.join(MODES)}")
    return mode


def save(job: BackgroundJob, insert: Callable[[], bool]) -> bool:
    """Save a job and do with it what the mode says; False when `insert` says that it was not saved."""
    mode = current()
    if saver := savers.get(mode):
        return saver(job, insert)
    if not insert():
        return False
    if performer := performers.get(mode):
        performer(job)
    return True


def is_inline() -> bool:
    """Is each job performed where it is enqueued?"""
    return current() == "inline"
