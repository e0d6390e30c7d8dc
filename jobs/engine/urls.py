"""The dashboard's addresses: /jobs and below."""

from django.urls import path
from django.views.generic import RedirectView

from jobs.engine.views import batches, job, job_list, processes, queues, schedule

app_name = "jobs"

urlpatterns = [
    path("jobs", job_list.index, name="jobs"),
    path("jobs.json", job_list.index),
    # Where Danbooru had it until 2022 (behaviour H.5).
    path("delayed_jobs", RedirectView.as_view(pattern_name="jobs:jobs", permanent=True)),
    path("jobs/<uuid:job_id>", job.show, name="job"),
    path("jobs/<uuid:job_id>.json", job.show),
    path("jobs/<uuid:job_id>/cancel", job.cancel, name="cancel"),
    path("jobs/<uuid:job_id>/cancel.json", job.cancel),
    path("jobs/<uuid:job_id>/retry", job.retry, name="retry"),
    path("jobs/<uuid:job_id>/retry.json", job.retry),
    path("jobs/<uuid:job_id>/run", job.run, name="run"),
    path("jobs/<uuid:job_id>/run.json", job.run),
    path("jobs/queues", queues.index, name="queues"),
    path("jobs/queues.json", queues.index),
    path("jobs/queues/pause", queues.pause, name="pause"),
    path("jobs/queues/pause.json", queues.pause),
    path("jobs/queues/resume", queues.resume, name="resume"),
    path("jobs/queues/resume.json", queues.resume),
    path("jobs/schedule", schedule.index, name="schedule"),
    path("jobs/schedule.json", schedule.index),
    path("jobs/schedule/<path:key>/enable", schedule.enable, name="enable"),
    path("jobs/schedule/<path:key>/enable.json", schedule.enable),
    path("jobs/schedule/<path:key>/disable", schedule.disable, name="disable"),
    path("jobs/schedule/<path:key>/disable.json", schedule.disable),
    path("jobs/schedule/<path:key>/run", schedule.run, name="run_entry"),
    path("jobs/schedule/<path:key>/run.json", schedule.run),
    path("jobs/processes", processes.index, name="processes"),
    path("jobs/processes.json", processes.index),
    path("jobs/batches", batches.index, name="batches"),
    path("jobs/batches.json", batches.index),
    path("jobs/batches/<uuid:batch_id>", batches.show, name="batch"),
    path("jobs/batches/<uuid:batch_id>.json", batches.show),
]
