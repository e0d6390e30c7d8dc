"""Jobs that leave something behind in their worker, and one that looks for it."""

from __future__ import annotations

import decimal
import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection, connections
from django.utils import timezone, translation
from psycopg.rows import dict_row

from tests.jobs.engine.sample_jobs import NoteJob

LOCK = 4711


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


class SpoilNoteJob(NoteJob):
    """Leaves behind what its label says."""

    def do(self, seconds: float) -> None:
        assert self.job
        SPOILS[self.job.arguments["args"][0]]()


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
                        WHERE datname = current_database() AND application_name = 'thread')
                """
            )
            session = cursor.fetchone()
        found = {
            "session": (session, ("ISO, MDY", "UTC", "0", False, False, 0, 0, 0, 0)),
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


class BlindLoader(psycopg.adapt.Loader):
    def load(self, data: Any) -> datetime:
        raise psycopg.DataError("cannot be read")


class BlindingNoteJob(NoteJob):
    """Its worker cannot read any time from the database any more, which nobody can see from outside."""

    def do(self, seconds: float) -> None:
        raw().adapters.register_loader("timestamptz", BlindLoader)
