"""The queues: how much waits in each, and pausing them or classes of jobs."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from jobs.engine import conf, cron, pauses
from jobs.engine.base import Job
from jobs.engine.dashboard.answers import act, for_managers, page, wants_json, way_back
from jobs.engine.errors import JobActionError
from jobs.engine.insight import job_search, queue_sizes
from jobs.engine.insight.job_record import seconds
from jobs.engine.models import Pause, PauseKind, WorkerCluster
from jobs.engine.models.names import words

_EVERY_QUEUE = "*"


@for_managers
def index(request: HttpRequest) -> HttpResponse:
    """Every queue, and the job classes that are paused."""
    sizes, paused = _sizes(), pauses.paused()
    if wants_json(request):
        return JsonResponse({"queues": [_record(size) for size in sizes], "pauses": _pauses(paused)})
    paused_queues = {pause.name: pause for pause in paused if pause.kind == PauseKind.QUEUE}
    paused_classes = [pause for pause in paused if pause.kind == PauseKind.JOB_CLASS]
    context = {
        "queues": [(size, paused_queues.get(size.name)) for size in sizes],
        "classes": paused_classes,
        "others": sorted(_job_classes() - {pause.name for pause in paused_classes}, key=words),
    }
    return page(request, "jobs/queues.html", context)


@for_managers
def pause(request: HttpRequest) -> HttpResponse:
    """Pause the queue or job class that the form names; one that nobody knows is 404."""
    kind, name = _asked(request)
    known = {size.name for size in _sizes()} if kind == PauseKind.QUEUE else _job_classes()
    if name not in known:
        raise Http404("That record was not found.")
    return act(
        request, lambda: _pause(kind, name, request.user.get_username()), way_back(request, "jobs:queues")
    )


@for_managers
def resume(request: HttpRequest) -> HttpResponse:
    """Resume the queue or job class that the form names; one that is not paused is a notice."""
    kind, name = _asked(request)
    return act(request, lambda: _resume(kind, name), way_back(request, "jobs:queues"))


def _asked(request: HttpRequest) -> tuple[PauseKind, str]:
    kind, name = request.POST.get("kind", ""), request.POST.get("name", "")
    if kind not in PauseKind.values or "\0" in name:
        raise Http404("That record was not found.")
    return PauseKind(kind), name


def _pause(kind: PauseKind, name: str, by: str) -> str:
    if not pauses.pause(kind, name, by):
        raise JobActionError(f"{_title(kind, name)} is paused already")
    return f"{_title(kind, name)} is paused; jobs that run already go on"


def _resume(kind: PauseKind, name: str) -> str:
    if not pauses.resume(kind, name):
        raise JobActionError(f"{_title(kind, name)} is not paused")
    return f"{_title(kind, name)} goes on"


def _title(kind: PauseKind, name: str) -> str:
    return f"Queue {name}" if kind == PauseKind.QUEUE else words(name)


def _sizes() -> list[queue_sizes.QueueSize]:
    """The queues that have jobs, and those that something else knows of: they may be paused too."""
    sizes = {size.name: size for size in queue_sizes.queue_sizes()}
    worked = set(WorkerCluster.objects.values_list("queue_name", flat=True)) - {_EVERY_QUEUE}
    scheduled = {entry.job.queue_name for entry in cron.entries()}
    for name in {Job.queue_name, *worked, *scheduled, *conf.queue_limits()} - sizes.keys():
        sizes[name] = queue_sizes.QueueSize(name, 0, 0, 0, None, is_paused=False)
    return [sizes[name] for name in sorted(sizes)]


def _job_classes() -> set[str]:
    return {*job_search.job_classes(), *(entry.job.path() for entry in cron.entries())}


def _record(size: queue_sizes.QueueSize) -> dict[str, object]:
    """More than 1000 waiting or scheduled jobs are 1001."""
    return {
        "name": size.name,
        "waiting": size.waiting,
        "scheduled": size.scheduled,
        "running": size.running,
        "oldest_wait": seconds(size.oldest_wait),
        "is_paused": size.is_paused,
    }


def _pauses(paused: list[Pause]) -> list[dict[str, object]]:
    return [
        {"kind": pause.kind, "name": pause.name, "paused_at": pause.paused_at, "paused_by": pause.paused_by}
        for pause in paused
    ]
