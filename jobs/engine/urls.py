"""The dashboard's addresses: /jobs and below, one function for each method."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from jobs.engine.dashboard import batches, job, job_list, processes, queues, schedule
from jobs.engine.dashboard.actions import Action, actions

app_name = "jobs"


def _with_json(route: str, view: Action, name: str) -> list[URLPattern]:
    """The page, and the same for programs at `<route>.json`."""
    return [path(route, view, name=name), path(f"{route}.json", view)]


def _order(action: Action) -> Action:
    """Something to do; Danbooru's programs send a PUT (behaviour H.5)."""
    return actions(POST=action, PUT=action)


urlpatterns = [
    *_with_json("jobs", actions(GET=job_list.index), "jobs"),
    # Where Danbooru had it until 2022 (behaviour H.5).
    path("delayed_jobs", RedirectView.as_view(pattern_name="jobs:jobs", permanent=True)),
    *_with_json("jobs/<uuid:job_id>", actions(GET=job.show, DELETE=job.destroy), "job"),
    path("jobs/<uuid:job_id>/arguments.json", actions(GET=job.arguments), name="arguments"),
    *_with_json("jobs/<uuid:job_id>/cancel", _order(job.cancel), "cancel"),
    *_with_json("jobs/<uuid:job_id>/retry", _order(job.retry), "retry"),
    *_with_json("jobs/<uuid:job_id>/run", _order(job.run), "run"),
    *_with_json("jobs/queues", actions(GET=queues.index), "queues"),
    *_with_json("jobs/queues/pause", actions(POST=queues.pause), "pause"),
    *_with_json("jobs/queues/resume", actions(POST=queues.resume), "resume"),
    *_with_json("jobs/schedule", actions(GET=schedule.index), "schedule"),
    *_with_json("jobs/schedule/<path:key>/enable", _order(schedule.enable), "enable"),
    *_with_json("jobs/schedule/<path:key>/disable", _order(schedule.disable), "disable"),
    *_with_json("jobs/schedule/<path:key>/run", _order(schedule.run), "run_entry"),
    *_with_json("jobs/processes", actions(GET=processes.index), "processes"),
    *_with_json("jobs/batches", actions(GET=batches.index), "batches"),
    *_with_json("jobs/batches/<uuid:batch_id>", actions(GET=batches.show), "batch"),
]
