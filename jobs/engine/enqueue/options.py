"""What a job may be enqueued with: each option is of its kind and can be kept, or is refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from jobs.engine.enqueue.shown import shown
from jobs.engine.errors import ArgumentError, OptionError
from jobs.engine.models import JobBatch
from jobs.engine.sql import statement

LOWEST_PRIORITY, HIGHEST_PRIORITY = 100, -100
# Bytes of a name or key: the most that an index of PostgreSQL holds.
_MAX_BYTES = 2500
# Times that every time zone has, and how far a delay may lead.
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_LONGEST = timedelta(days=365_000)
_HOLD_BATCH = statement("enqueue", "hold_batch")


def check_priority(value: Any) -> None:
    """Raises OptionError, as they all do."""
    if type(value) is not int:
        raise OptionError(f"priority is {shown(value)}; it is a whole number")
    if not HIGHEST_PRIORITY <= value <= LOWEST_PRIORITY:
        raise OptionError(
            f"priority is {shown(value)}; it is from {HIGHEST_PRIORITY} (first) to {LOWEST_PRIORITY} (last)"
        )


def check_queue_name(value: Any) -> None:
    check_text("queue_name", value)


def check_run_after(value: Any) -> None:
    match value:
        case None:
            return
        case datetime():
            _check_moment(value)
        case timedelta():
            if abs(value) > _LONGEST:
                raise OptionError(f"run_after is {value}; it may be {_LONGEST.days:,} days at most")
        case _:
            raise OptionError(f"run_after is {shown(value)}; it is an aware datetime, or a timedelta")


def check_batch(batch: Any) -> None:
    """Of a batch that has not finished; until the transaction ends, it does not."""
    if not isinstance(batch, JobBatch):
        raise OptionError(f"batch is {shown(batch)}; it is a JobBatch")
    finished = _locked(batch.pk) if isinstance(batch.pk, UUID) else None
    if finished is None:
        raise OptionError(f"batch is {batch}, which is not saved, or is deleted")
    if finished:
        raise OptionError(f"batch is {batch}, which has finished; no job can be added to it")


def _locked(batch_id: UUID) -> bool | None:
    """Has it finished? None when it does not exist. Many may add to it at once, nobody may finish it."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_BATCH, {"id": batch_id})
        row = cursor.fetchone()
    return row[0] if row else None


def lock_keys(values: Any) -> list[str] | None:
    """The keys in order, each once; None for none."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise OptionError(f"lock_keys is {shown(values)}; it is a list of strings")
    keys = list(values)
    for key in keys:
        check_text("a key of lock_keys", key)
    return sorted(set(keys)) or None


def unique_key(value: Any) -> str | None:
    """The key, None for none."""
    if value is not None:
        check_text("unique_key", value)
    return value  # type: ignore[no-any-return]


def rows_of_arguments(values: Any) -> list[tuple[Any, ...]]:
    """What enqueue_many() is given: for each job a tuple of its arguments."""
    if _is_no_row(values, allowed=(Set,)):
        raise ArgumentError(f"enqueue_many was given {shown(values)}; it takes a tuple of arguments a job")
    rows = []
    for number, row in enumerate(values, 1):
        if _is_no_row(row):
            raise ArgumentError(f"job {number} is {shown(row)}; it is a tuple of its arguments")
        rows.append(tuple(row))
    return rows


def _is_no_row(value: Any, allowed: tuple[type, ...] = ()) -> bool:
    """It could be read one by one, too: a text by its letters, a dict by its keys, a set in any order."""
    mistaken = isinstance(value, str | bytes | bytearray | Mapping | Set) and not isinstance(value, allowed)
    return mistaken or not isinstance(value, Iterable)


def _check_moment(value: datetime) -> None:
    try:
        offset = value.utcoffset()
    except Exception as error:
        raise OptionError(f"run_after has a time zone that fails: {type(error).__name__}") from error
    if offset is None:
        raise OptionError(
            f"run_after is {value}, without a time zone; it is an aware datetime, or a timedelta"
        )
    if not _EARLIEST <= value <= _LATEST:
        raise OptionError(f"run_after is {value}; it is from {_EARLIEST.year} to {_LATEST.year}")


def check_text(name: str, value: Any) -> None:
    """Text that is not empty and fits into an index."""
    if not isinstance(value, str):
        raise OptionError(f"{name} is {shown(value)}, of type {type(value).__name__}; it is a str")
    if not value:
        raise OptionError(f"{name} is empty")
    if value.isascii() and value.isprintable():
        length = len(value)
    elif "\0" in value:
        raise OptionError(f"{name} contains a NUL character, which PostgreSQL cannot hold")
    else:
        length = len(_encoded(name, value))
    if length > _MAX_BYTES:
        raise OptionError(f"{name} is {value[:50]!r}… of {length:,} bytes; {_MAX_BYTES:,} are the most")


def _encoded(name: str, value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise OptionError(f"{name} contains half a surrogate pair, which is not text") from None
