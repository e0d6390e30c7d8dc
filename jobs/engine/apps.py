"""The job engine as a Django app, label "jobs"."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs.engine"
    label = "jobs"
    verbose_name = "Jobs"
    default_auto_field = "django.db.models.BigAutoField"
