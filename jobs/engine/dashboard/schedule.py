"""The schedule: what is enqueued by itself, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from croniter import CroniterError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from jobs.engine import cron
from jobs.engine.cron import CronEntry
from jobs.engine.dashboard.answers import act, for_managers, page, wants_json, way_back
from jobs.engine.errors import JobActionError
from jobs.engine.insight.cron_words import in_words
from jobs.engine.models import BackgroundJob, CronState
from jobs.engine.models.names import words
from jobs.engine.sql.database_clock import database_now


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of the schedule and what became of it."""

    entry: CronEntry
    enabled: bool
    last_tick: datetime | None
    next_tick: datetime | None
    error: str
    last_job: BackgroundJob | None

    @property
    def name(self) -> str:
        return words(self.entry.job.path())

    @property
    def in_words(self) -> str:
        return in_words(self.entry.cron)


@for_managers
def index(request: HttpRequest) -> HttpResponse:
    """Every entry, in the order in which they are declared."""
    rows = _rows()
    if wants_json(request):
        return JsonResponse([_record(row) for row in rows], safe=False)
    return page(request, "jobs/schedule.html", {"rows": rows})


@for_managers
def enable(request: HttpRequest, key: str) -> HttpResponse:
    return act(request, lambda: _switch(key, enabled=True), way_back(request, "jobs:schedule"))


@for_managers
def disable(request: HttpRequest, key: str) -> HttpResponse:
    return act(request, lambda: _switch(key, enabled=False), way_back(request, "jobs:schedule"))


@for_managers
def run(request: HttpRequest, key: str) -> HttpResponse:
    return act(request, lambda: _run(key), way_back(request, "jobs:schedule"))


def _switch(key: str, *, enabled: bool) -> str:
    entry = _find(key)
    cron.switch(key, enabled=enabled)
    return f"{words(entry.job.path())} is switched {'on' if enabled else 'off'}"


def _run(key: str) -> str:
    name = words(_find(key).job.path())
    if cron.run_now(key) is None:
        raise JobActionError(f"{name} is not enqueued again: the last one has not finished")
    return f"{name} enqueued to run now"


def _find(key: str) -> CronEntry:
    try:
        return cron.find(key)
    except LookupError as error:
        raise Http404("That record was not found.") from error


def _rows() -> list[EntryRow]:
    entries = cron.entries()
    states = {state.key: state for state in CronState.objects.all()}
    jobs = BackgroundJob.objects.annotate_status().filter(cron_key__in=[entry.key for entry in entries])
    last = {job.cron_key: job for job in jobs.order_by("cron_key", "-id").distinct("cron_key")}
    now = database_now()
    return [_row(entry, states.get(entry.key), last.get(entry.key), now) for entry in entries]


def _row(entry: CronEntry, state: CronState | None, job: BackgroundJob | None, now: datetime) -> EntryRow:
    next_tick, error = None, ""
    try:
        next_tick = entry.next_tick(now)
    except CroniterError as invalid:
        error = str(invalid)
    return EntryRow(
        entry=entry,
        enabled=state is None or state.enabled,
        last_tick=state.last_tick_at if state else None,
        next_tick=next_tick,
        error=error,
        last_job=job,
    )


def _record(row: EntryRow) -> dict[str, object]:
    return {
        "key": row.entry.key,
        "cron": row.entry.cron,
        "job_class": row.entry.job.path(),
        "name": row.name,
        "enabled": row.enabled,
        "last_tick_at": row.last_tick,
        "next_tick_at": row.next_tick,
        "error": row.error or None,
        "last_job_id": str(row.last_job.pk) if row.last_job else None,
    }
