"""The schedule: entries declared in code, enqueued once a tick by whichever cluster is awake; in UTC."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from croniter import CroniterBadCronError, croniter
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from jobs.engine import conf
from jobs.engine.base import Job
from jobs.engine.enqueue.launcher import Launcher, save
from jobs.engine.faults.engine_log import logger
from jobs.engine.models import BackgroundJob, CronState
from jobs.engine.sql.database_clock import database_now

# Seconds between two complaints about an entry that cannot be enqueued.
COMPLAIN_EVERY = 300
# A last tick that is farther ahead than this is of a time when the database's clock was wrong.
_SKEW = timedelta(minutes=1)
_FIELDS = 5
_SOME_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_complained_at: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class CronEntry:
    """A job and when it is enqueued: five fields, minute hour day month weekday, in UTC."""

    key: str
    cron: str
    job: type[Job]
    args: tuple[Any, ...] = ()

    def last_tick(self, now: datetime) -> datetime:
        """The last time, up to now, for which it is to be enqueued. Raises CroniterError."""
        self._check_fields()
        minute = now.astimezone(UTC).replace(second=0, microsecond=0)
        if croniter.match(self.cron, minute):
            return minute
        tick: datetime = croniter(self.cron, minute).get_prev(datetime)
        return tick

    def _check_fields(self) -> None:
        """croniter takes lines with seconds and years, too. Raises CroniterBadCronError."""
        if not self.cron.startswith("@") and len(self.cron.split()) != _FIELDS:
            raise CroniterBadCronError(f"{self.cron!r} has not five fields: minute hour day month weekday")

    def problem(self) -> str:
        """What is wrong with its line; "" when it comes again and again."""
        try:
            self.last_tick(_SOME_DAY)
            self.next_tick(_SOME_DAY)
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with it
            return str(error) or type(error).__name__
        return ""

    def next_tick(self, now: datetime) -> datetime:
        """The next time after now. Raises CroniterError."""
        tick: datetime = croniter(self.cron, now.astimezone(UTC)).get_next(datetime)
        return tick


def entries() -> Sequence[CronEntry]:
    """What JOBS_SCHEDULE names."""
    path = conf.schedule()
    found: Sequence[CronEntry] = import_string(path) if path else ()
    return found


def find(key: str) -> CronEntry:
    """The entry of that key. Raises LookupError."""
    for entry in entries():
        if entry.key == key:
            return entry
    raise LookupError(f"the schedule has no entry {key}")


def tick() -> int:
    """Enqueue what is due and was not enqueued by another cluster; returns how many jobs.

    Ticks that nobody was awake for are made up for once. A new entry begins with its next tick. An entry that
    cannot be understood, or whose job cannot be enqueued, is logged and leaves the others alone.
    """
    declared = entries()
    if not declared:
        return 0
    states = {state.key: state for state in CronState.objects.all()}
    now = database_now()
    count = 0
    for entry in declared:
        try:
            count += _tick(entry, states.get(entry.key), now)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with it, the others are enqueued
            _complain(entry, error)
    return count


def _complain(entry: CronEntry, error: Exception) -> None:
    """Log it now and then, not every second."""
    if time.monotonic() - _complained_at.get(entry.key, float("-inf")) > COMPLAIN_EVERY:
        _complained_at[entry.key] = time.monotonic()
        logger.error("The schedule's %s (%s) cannot be enqueued", entry.key, entry.cron, exc_info=error)


def _tick(entry: CronEntry, state: CronState | None, now: datetime) -> int:
    due = entry.last_tick(now)
    if state is None:
        CronState.objects.bulk_create([CronState(key=entry.key, last_tick_at=due)], ignore_conflicts=True)
        return 0
    if state.last_tick_at is not None and state.last_tick_at > now + _SKEW:
        _go_back(entry, state.last_tick_at, due)
        return 0
    if state.last_tick_at is not None and state.last_tick_at >= due:
        return 0
    with transaction.atomic():
        later = Q(last_tick_at__lt=due) | Q(last_tick_at__isnull=True)
        if not CronState.objects.filter(later, key=entry.key).update(last_tick_at=due):
            return 0
        if not state.enabled:
            return 0
        return int(_enqueue(entry, due))


def _go_back(entry: CronEntry, wrong: datetime, due: datetime) -> None:
    """The database's clock was ahead: without this, nothing would come until it is so late again.

    The jobs of the ticks that come again give up their times, for no second job may have the same.
    """
    with transaction.atomic():
        if CronState.objects.filter(key=entry.key, last_tick_at=wrong).update(last_tick_at=due):
            BackgroundJob.objects.filter(cron_key=entry.key, cron_at__gt=due).update(cron_at=None)


def _enqueue(entry: CronEntry, due: datetime | None) -> bool:
    # While the job of an earlier tick is unfinished there is no point in another.
    launcher: Launcher[...] = Launcher(entry.job, unique_key=_unique_key(entry))
    row = launcher.build(*entry.args)
    row.cron_key, row.cron_at = entry.key, due
    if not save(row):
        logger.warning("%s is not enqueued again: one has not finished", entry.key)
        return False
    logger.info("Queueing %s", entry.job.__name__)
    return True


def _unique_key(entry: CronEntry) -> str:
    """The class's own, so that there is no second one beside one that was enqueued by hand."""
    return entry.job.unique_key(*entry.args) or f"cron:{entry.key}"


def run_now(key: str) -> BackgroundJob | None:
    """Enqueue an entry's job now; None when the last one has not finished. Raises LookupError."""
    entry = find(key)
    if not _enqueue(entry, None):
        return None
    return BackgroundJob.objects.unfinished().filter(unique_key=_unique_key(entry)).first()


def switch(key: str, *, enabled: bool) -> None:
    """Switch an entry on or off; its ticks while it is off are not made up for. Raises LookupError."""
    entry = find(key)
    CronState.objects.update_or_create(
        key=key,
        defaults={"enabled": enabled},
        create_defaults={"enabled": enabled, "last_tick_at": entry.last_tick(database_now())},
    )
