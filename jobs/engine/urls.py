"""The dashboard's addresses: /jobs and below."""

from django.urls import path
from django.views.generic import RedirectView

from jobs.engine import views

app_name = "jobs"

urlpatterns = [
    path("jobs", views.index, name="jobs"),
    path("jobs.json", views.index),
    # Where Danbooru had it until 2022 (behaviour H.5).
    path("delayed_jobs", RedirectView.as_view(pattern_name="jobs:jobs", permanent=True)),
    path("jobs/<uuid:job_id>", views.show, name="job"),
    path("jobs/<uuid:job_id>.json", views.show),
    path("jobs/<uuid:job_id>/cancel", views.cancel, name="cancel"),
    path("jobs/<uuid:job_id>/cancel.json", views.cancel),
    path("jobs/<uuid:job_id>/retry", views.retry, name="retry"),
    path("jobs/<uuid:job_id>/retry.json", views.retry),
    path("jobs/<uuid:job_id>/run", views.run, name="run"),
    path("jobs/<uuid:job_id>/run.json", views.run),
]
