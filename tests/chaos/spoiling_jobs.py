"""Jobs that leave something behind in their worker, and one that looks for it."""

from __future__ import annotations

import asyncio
import decimal
import gc
import logging
import os
import random
import resource
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone, translation
from psycopg.rows import dict_row
from psycopg.types.string import TextLoader

from jobs.engine.models import BackgroundJob
from jobs.engine.queue import claims
from tests.support.sample_jobs import NoteJob

LOCK = 4711
# What random.random() gives first after seed(1), and what the niceness at least is after one job was nice.
SEEDED, NICENESS = random.Random(1).random(), os.nice(0) + 5


def sql(text: str) -> Callable[[], None]:
    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(text)

    return execute


def raw() -> Any:
    connection.ensure_connection()
    return connection.connection


def leave_a_thread() -> None:
    """Ended, or going on."""
    end = threading.Event()

    def use(seconds: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET application_name = 'thread'")
        threads.append((connections["default"], end))
        end.wait(seconds)

    for seconds in (0, 600):
        threading.Thread(target=use, args=[seconds], daemon=True).start()
    while len(threads) < 2:
        os.sched_yield()


threads: list[Any] = []


def fork(error: type[BaseException] | None = None) -> None:
    pid = os.fork()
    if not pid:
        if error:
            raise error
        return
    os.waitpid(pid, 0)


def leave_cursors() -> None:
    """Of the server: one by hand, and one of an iterator that was not read to its end."""
    with transaction.atomic():
        raw().cursor("held", withhold=True).execute("SELECT 1")
    rows = BackgroundJob.objects.iterator(chunk_size=1)
    next(rows)
    left.append(rows)


left: list[Any] = []


def execute_many() -> None:
    with connection.cursor() as cursor:
        cursor.executemany("SELECT set_config('work_mem', %s, false)", [("77kB",)])


def close_the_standard_files() -> None:
    for number in (1, 2):
        os.close(number)


def leave_a_timer() -> None:
    signal.signal(signal.SIGVTALRM, lambda *_: sys.exit("a timer of another job"))
    signal.setitimer(signal.ITIMER_VIRTUAL, 3600)


def limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def refuse(*_: object) -> None:
    raise RuntimeError("of another job")


def throw(error: type[BaseException]) -> Callable[[], None]:
    def do() -> None:
        raise error("of the job")

    return do


SPOILS: dict[str, Callable[[], Any]] = {
    "datestyle": sql("SET DateStyle = 'German'"),
    "datestyle-raw": lambda: raw().execute("SET DateStyle = 'German'"),
    "timezone": sql("SET TIME ZONE 'Asia/Tokyo'"),
    "timeout": sql("SELECT 1; SET statement_timeout = '1s'"),
    "function": sql("SELECT set_config('work_mem', '77kB', false)"),
    "path": sql("SET search_path = pg_catalog"),
    "lock": sql(f"SELECT pg_advisory_lock({LOCK})"),
    "table": sql("CREATE TEMPORARY TABLE left_behind (id int)"),
    "listen": sql("LISTEN left_behind"),
    "rows": lambda: setattr(raw(), "row_factory", dict_row),
    "cursors": lambda: setattr(raw(), "cursor_factory", psycopg.Cursor),
    "closed": connection.close,
    "set-after-a-comment": sql("/* mine */ SET statement_timeout = '1s'"),
    "set-after-a-line": sql("-- mine\nSET statement_timeout = '1s'"),
    "set-far-behind": sql(f"SELECT '{'x' * 3000}'; SET statement_timeout = '1s'"),
    "set-in-many": execute_many,
    "set-by-a-view": sql("UPDATE pg_settings SET setting = '77' WHERE name = 'work_mem'"),
    "quoted-lock": sql(f'SELECT "pg_catalog"."pg_advisory_lock"({LOCK})'),
    "server-cursors": leave_cursors,
    "no-autocommit": lambda: setattr(raw(), "autocommit", False),
    "rollback-flag": lambda: setattr(connection, "needs_rollback", True),
    "database-name": lambda: connection.settings_dict.update(NAME="no_such"),
    "loader": lambda: raw().adapters.register_loader("int4", TextLoader),
    "wrapper": lambda: connection.execute_wrapper(refuse).__enter__(),
    "running-loop": lambda: asyncio._set_running_loop(asyncio.new_event_loop()),
    "settings": lambda: setattr(settings, "EMAIL_BACKEND", "no.such.Backend"),
    "log": lambda: logging.disable(logging.CRITICAL),
    "umask": lambda: os.umask(0o777),
    "niceness": lambda: os.nice(5),
    "files-limit": limit_files,
    "timer": leave_a_timer,
    "garbage": gc.disable,
    "warnings": lambda: warnings.simplefilter("error"),
    "modules": sys.path.clear,
    "recursion": lambda: sys.setrecursionlimit(100),
    "standard-files": close_the_standard_files,
    "random": lambda: random.seed(1),
    "no-handler": lambda: signal.signal(signal.SIGSEGV, signal.SIG_IGN),
    "threads": leave_a_thread,
    "django-timezone": lambda: timezone.activate("Asia/Tokyo"),
    "language": lambda: translation.activate("ja"),
    "decimals": lambda: setattr(decimal.getcontext(), "prec", 3),
    "folder": lambda: os.chdir("/"),
    "environment": lambda: os.environ.update(LEFT_BEHIND="1"),
    "sockets": lambda: socket.setdefaulttimeout(0.5),
    "handler": lambda: signal.signal(signal.SIGUSR1, signal.SIG_IGN),
    "mask": lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM}),
    "generator": throw(GeneratorExit),
    "ctrl-c": throw(KeyboardInterrupt),
    "fork": fork,
    "fork-raises": lambda: fork(ValueError),
}
RAISE = {"generator", "ctrl-c"}
# What the threads of a web server share with its requests, and nobody takes back there.
OF_THE_PROCESS = {
    *("settings", "log", "umask", "niceness", "files-limit", "timer", "garbage", "warnings", "modules"),
    *("recursion", "standard-files", "random", "no-handler", "threads", "folder", "environment", "sockets"),
    "handler",
}


class SpoilNoteJob(NoteJob):
    """Leaves behind what its label says."""

    def do(self, seconds: float) -> None:
        assert self.job
        SPOILS[self.job.arguments["args"][0]]()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


class LookNoteJob(NoteJob):
    """Fails when it finds anything."""

    def do(self, seconds: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT current_setting('DateStyle'), current_setting('TimeZone'),
                    current_setting('statement_timeout'), current_setting('work_mem') = '77kB',
                    current_setting('search_path') = 'pg_catalog', pg_my_temp_schema()::int,
                    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
                    (SELECT count(*) FROM pg_listening_channels() AS name WHERE name = 'left_behind'),
                    (SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name = 'thread'),
                    (SELECT count(*) FROM pg_cursors WHERE is_holdable),
                    current_setting('lock_timeout')
                """
            )
            session = cursor.fetchone()
        found = {
            "session": (session, ("ISO, MDY", "UTC", "0", False, False, 0, 0, 0, 0, 0, "0")),
            "settings": (settings.EMAIL_BACKEND == "no.such.Backend", False),
            "log": (logging.root.manager.disable, 0),
            "niceness": (os.nice(0) >= NICENESS, False),
            "umask": (_umask() == 0o777, False),
            "files": (resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 100, False),
            "timer": (signal.getitimer(signal.ITIMER_VIRTUAL)[0], 0),
            "garbage": (gc.isenabled(), True),
            "warnings": (warnings.filters[0][0] == "error", False),
            "modules": (sys.path == [], False),
            "recursion": (sys.getrecursionlimit() == 100, False),
            "standard files": ([os.fstat(number).st_nlink >= 0 for number in (1, 2)], [True, True]),
            "random": (random.random() == SEEDED, False),
            "segv": (signal.getsignal(signal.SIGSEGV), signal.SIG_DFL),
            "time zone": (timezone.get_current_timezone_name(), "UTC"),
            "language": (translation.get_language(), "en-us"),
            "decimals": (decimal.getcontext().prec, 28),
            "folder": (os.getcwd() == "/", False),  # noqa: PTH109
            "environment": (os.environ.get("LEFT_BEHIND"), None),
            "sockets": (socket.getdefaulttimeout(), None),
            "handler": (signal.getsignal(signal.SIGUSR1), signal.SIG_DFL),
            "mask": (signal.pthread_sigmask(signal.SIG_BLOCK, ()), set()),
        }
        wrong = {what: is_now for what, (is_now, was) in found.items() if is_now != was}
        assert not wrong, wrong


def cannot_read(_values: object) -> BackgroundJob:
    raise psycopg.DataError("cannot be read")


class BlindingNoteJob(NoteJob):
    """Its worker cannot read any job from the database any more, which nobody can see from outside."""

    def do(self, seconds: float) -> None:
        claims._load = cannot_read


class SessionNoteJob(NoteJob):
    """Fails when it finds a session that is not as a new one."""

    def do(self, seconds: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT current_setting('DateStyle'), current_setting('TimeZone'),
                    current_setting('statement_timeout'), current_setting('work_mem') = '77kB',
                    current_setting('search_path') = 'pg_catalog', pg_my_temp_schema()::int,
                    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
                    (SELECT count(*) FROM pg_listening_channels() AS name WHERE name = 'left_behind'),
                    (SELECT count(*) FROM pg_cursors WHERE is_holdable),
                    current_setting('lock_timeout')
                """
            )
            assert cursor.fetchone() == ("ISO, MDY", "UTC", "0", False, False, 0, 0, 0, 0, "0")
        assert timezone.get_current_timezone_name() == "UTC"
        assert translation.get_language() == "en-us"
        assert decimal.getcontext().prec == 28
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()
