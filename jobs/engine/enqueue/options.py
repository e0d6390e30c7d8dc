"""What a job may be enqueued with: each option is of its kind and can be kept, or is refused by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from jobs.engine.errors import OptionError
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
        raise OptionError(f"priority is {value!r}; it is a whole number")
    if not HIGHEST_PRIORITY <= value <= LOWEST_PRIORITY:
        raise OptionError(
            f"priority is {value}; it is from {HIGHEST_PRIORITY} (first) to {LOWEST_PRIORITY} (last)"
        )


def check_queue_name(value: Any) -> None:
    _check_text("queue_name", value)


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
            raise OptionError(f"run_after is {value!r}; it is an aware datetime, or a timedelta")


def check_batch(batch: Any) -> None:
    """Of a batch that has not finished; until the transaction ends, it does not."""
    if not isinstance(batch, JobBatch):
        raise OptionError(f"batch is {batch!r}; it is a JobBatch")
    finished = _locked(batch.pk)
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
        raise OptionError(f"lock_keys is {values!r}; it is a list of strings")
    keys = set(values)
    for key in keys:
        _check_text("a key of lock_keys", key)
    return sorted(keys) or None


def unique_key(value: Any) -> str | None:
    """The key, None for none."""
    if value is not None:
        _check_text("unique_key", value)
    return value  # type: ignore[no-any-return]


def _check_moment(value: datetime) -> None:
    if value.tzinfo is None or value.utcoffset() is None:
        raise OptionError(
            f"run_after is {value}, without a time zone; it is an aware datetime, or a timedelta"
        )
    if not _EARLIEST <= value <= _LATEST:
        raise OptionError(f"run_after is {value}; it is from {_EARLIEST.year} to {_LATEST.year}")


def _check_text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise OptionError(f"{name} is {value!r}, of type {type(value).__name__}; it is a str")
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
