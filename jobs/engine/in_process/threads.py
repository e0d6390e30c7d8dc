"""JOBS_MODE "async": threads of the web process perform the jobs, so that development needs no qcluster.

The jobs are rows all the same: nothing starts before its transaction commits, and a restart loses nothing.
The threads of a process are a cluster of their own, with a heartbeat; when the process dies, another gives
its jobs back. Only the main thread of a process can be interrupted: a job's time limit is not kept here.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import connection, transaction

from jobs.engine import conf
from jobs.engine.in_process.thread_pool import ThreadPool
from jobs.engine.models import BackgroundJob

_pool: ThreadPool | None = None
_lock = threading.Lock()


def start() -> ThreadPool:
    """Start the threads of this process, if they do not run yet; they stop when it ends.

    A web process does so by itself: runserver when it starts, any other server at its first request.
    """
    global _pool  # noqa: PLW0603
    with _lock:
        if _pool is None:
            _pool = ThreadPool(getattr(settings, "JOBS_ASYNC_THREADS", 2))
            _pool.start()
        return _pool


def stop() -> None:
    """Stop the threads: what runs is waited for, JOBS_STOP_TIMEOUT at most, and then put back."""
    global _pool
    with _lock:
        pool, _pool = _pool, None
    if pool is not None:
        pool.stop()


def enqueued(job: BackgroundJob) -> None:  # noqa: ARG001 -- whichever: they look at the table
    """Wake the threads when the transaction commits. A process that has none leaves it to one that has."""
    # Without atomic() Django cannot tell when that is; the threads look every half second anyway.
    if _pool is not None and (connection.in_atomic_block or connection.get_autocommit()):
        transaction.on_commit(_pool.wake, robust=True)


def start_with_the_server() -> None:
    """Start the threads as soon as this process turns out to serve the web. For AppConfig.ready()."""
    request_started.connect(_on_request, dispatch_uid="jobs.engine.threads")
    if _is_development_server() and conf.mode() == "async":
        start()


def _on_request(sender: object, **_: Any) -> None:
    # Django's test client sends the signal too, with a handler of its own.
    is_server = isinstance(sender, type) and issubclass(sender, WSGIHandler | ASGIHandler)
    if _pool is None and is_server and conf.mode() == "async":
        start()


def _is_development_server() -> bool:
    """Is this runserver, and the process that serves, not the one that watches over the files?"""
    serves = os.environ.get("RUN_MAIN") == "true" or "--noreload" in sys.argv
    return sys.argv[1:2] == ["runserver"] and serves


def _forget_the_parent() -> None:
    """A fork has the variables of its parent, but none of its threads."""
    global _pool, _lock
    _pool, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget_the_parent)
