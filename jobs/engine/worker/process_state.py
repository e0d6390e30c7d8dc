"""What a job may change in its worker's process, and how it is taken back."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # without the enums, which cost more than all else
import asyncio
import gc
import locale
import logging
import os
import random
import resource
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connections

from jobs.engine.faults.engine_log import logger
from jobs.engine.worker.noting import Noted, note_changes_of

_SIGNALS = (
    signal.SIGALRM,
    signal.SIGTERM,
    signal.SIGINT,
    signal.SIGHUP,
    signal.SIGCHLD,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGPIPE,
    signal.SIGVTALRM,
    signal.SIGPROF,
    signal.SIGSEGV,
    signal.SIGQUIT,
)
_TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
_LIMITS = [getattr(resource, f"RLIMIT_{name}") for name in ("AS", "CPU", "DATA", "FSIZE", "NOFILE", "NPROC")]

# Seconds between two looks for children that have ended, when none was forked.
_REAP_EVERY = 1.0

_Get = Callable[[], Any]
_Put = Callable[[Any], Any]
_before: dict[str, tuple[Any, _Get, _Put]] = {}
_random_numbers = Noted()
_reap_at = 0.0


def remember() -> None:
    """How this process is now, is how it is to be after each job."""
    _before.clear()
    # First of all: where the log goes.
    _keep("the standard streams", _streams, _streams_setter())
    _keep("a timer", _timers, lambda _: [signal.setitimer(timer, 0) for timer in _TIMERS])
    _keep("the handler of a signal", lambda: [*map(_signal.getsignal, _SIGNALS)], _set_handlers)
    _keep("the signal mask", _signal_mask, lambda mask: signal.pthread_sigmask(signal.SIG_SETMASK, mask))
    _keep("the trace function", sys.gettrace, sys.settrace)
    _keep("the profiler", sys.getprofile, sys.setprofile)
    _keep("the recursion limit", sys.getrecursionlimit, sys.setrecursionlimit)
    _keep("the switch interval", sys.getswitchinterval, sys.setswitchinterval)
    _keep("the garbage collection", gc.isenabled, lambda is_on: gc.enable() if is_on else gc.disable())
    _keep("the working directory", _directory, os.chdir)
    _keep("the environment", lambda: dict(vars(os.environ)["_data"]), _set_environment)
    _keep("the local time", lambda: time.tzname, lambda _: time.tzset())  # by the environment
    _keep("the locale", partial(locale.setlocale, locale.LC_ALL), partial(locale.setlocale, locale.LC_ALL))
    mask = os.umask(0o077)
    os.umask(mask)
    _keep("the umask", partial(os.umask, mask), os.umask)  # it is told only by being set
    _keep("the niceness", partial(os.getpriority, os.PRIO_PROCESS, 0), _set_niceness)
    _keep("a limit of resources", _limits, _set_limits)
    _keep("the sockets' time-out", socket.getdefaulttimeout, socket.setdefaulttimeout)
    _keep("where modules are found", lambda: list(sys.path), lambda path: _set_list(sys.path, path))
    _keep("the filters of warnings", lambda: list(warnings.filters), _set_filters)
    _keep("the hooks for errors", _hooks, _set_hooks)
    _keep("the log", _log, _set_log)
    _keep_settings()
    _expect_random_numbers_to_be_seeded()
    os.register_at_fork(after_in_parent=_reap_soon)


def restore() -> None:
    """Make it so again. Raises what keeps it from that."""
    for what, (value, get, put) in _before.items():
        if get() != value:
            put(value)
            logger.warning("A job changed %s; it is as before again", what)
    if _random_numbers.has_changed:
        _seed()
    if time.monotonic() >= _reap_at:
        _reap()


def event_loop() -> Any:
    """The one that runs in this thread, if there is one."""
    return asyncio._get_running_loop()


def leave_event_loop(before: Any = None) -> None:
    """After one that was left while it ran: Django refuses all queries in it."""
    if asyncio._get_running_loop() is not before:
        asyncio._set_running_loop(before)


def _keep(what: str, get: _Get, put: _Put) -> None:
    _before[what] = (get(), get, put)


def _streams() -> tuple[Any, ...]:
    files = (sys.stdin, sys.stdout, sys.stderr)
    return (*map(id, files), *map(_is_closed, files), *map(_identity, range(3)))


def _is_closed(file: Any) -> bool:
    return file is not None and file.closed


def _identity(number: int) -> tuple[int, int] | None:
    try:
        found = os.fstat(number)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _streams_setter() -> _Put:
    """With copies, of which no job knows."""
    files = (sys.stdin, sys.stdout, sys.stderr)
    copies = {number: os.dup(number) for number in range(3) if _identity(number)}

    def put(_: object) -> None:
        connections.close_all()  # one of them may have got a number that was free
        for number, copy in copies.items():
            os.dup2(copy, number)
        sys.stdin, sys.stdout, sys.stderr = files
        if any(map(_is_closed, files)):
            # Who logs there has it for ever.
            raise ValueError("a standard stream is closed")

    return put


def _timers() -> list[bool]:
    return [_signal.getitimer(timer)[0] > 0 for timer in _TIMERS]


def _set_handlers(before: list[Any]) -> None:
    for number, handler in zip(_SIGNALS, before, strict=True):
        with suppress(TypeError):  # a handler that is not Python's
            _signal.signal(number, handler)


def _signal_mask() -> set[Any]:
    return set(_signal.pthread_sigmask(signal.SIG_BLOCK, ()))


def _directory() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 -- quicker
    except FileNotFoundError:
        return ""


def _set_environment(before: dict[bytes, bytes]) -> None:
    os.environb.clear()
    os.environb.update(before)


def _set_niceness(before: int) -> None:
    os.setpriority(os.PRIO_PROCESS, 0, before)


def _limits() -> list[tuple[int, int]]:
    return [resource.getrlimit(number) for number in _LIMITS]


def _set_limits(before: list[tuple[int, int]]) -> None:
    for number, values in zip(_LIMITS, before, strict=True):
        resource.setrlimit(number, values)


def _set_list(target: list[Any], before: list[Any]) -> None:
    target[:] = before


def _set_filters(before: list[Any]) -> None:
    warnings.filters[:] = before  # type: ignore[index]
    warnings._filters_mutated()  # type: ignore[attr-defined]


def _hooks() -> tuple[Any, ...]:
    return sys.excepthook, sys.unraisablehook, threading.excepthook, sys.displayhook


def _set_hooks(before: tuple[Any, ...]) -> None:
    sys.excepthook, sys.unraisablehook, threading.excepthook, sys.displayhook = before


def _log() -> tuple[Any, ...]:
    root = logging.root
    return root.manager.disable, root.level, list(root.handlers), list(root.filters)


def _set_log(before: tuple[Any, ...]) -> None:
    root = logging.root
    logging.disable(before[0])
    root.setLevel(before[1])
    root.handlers[:], root.filters[:] = before[2], before[3]


def _keep_settings() -> None:
    """Also when override_settings() was left open."""
    lazy: Any = settings
    before = lazy._wrapped
    noted, values = note_changes_of(before), dict(vars(before))

    def put(_: object) -> None:
        lazy._wrapped = before  # which forgets what was asked for, too
        vars(before).clear()
        vars(before).update(values)
        noted.has_changed = False

    _keep("the settings", lambda: lazy._wrapped is before and not noted.has_changed, put)


def _expect_random_numbers_to_be_seeded() -> None:
    """Whoever seeds them knows what comes: the next job is not to draw that."""
    global _random_numbers  # noqa: PLW0603
    # Seeding, and setting a state, ends with an attribute.
    _random_numbers = note_changes_of(random._inst)
    _seed()


def _seed() -> None:
    random.seed(time.time_ns() ^ os.getpid() << 64)
    _random_numbers.has_changed = False


def _reap_soon() -> None:
    global _reap_at  # noqa: PLW0603
    _reap_at = 0.0


def _reap() -> None:
    """Children of jobs that have ended, and that nobody waited for."""
    global _reap_at  # noqa: PLW0603
    _reap_at = time.monotonic() + _REAP_EVERY
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
