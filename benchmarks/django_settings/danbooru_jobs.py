"""Settings for this project's engine alone: the same as the project's own, without the booru."""

import os

from benchmarks.django_settings.common import *  # noqa: F403

INSTALLED_APPS = [
    "jobs.engine",
    "django_q",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
]
Q_CLUSTER = {
    "name": "benchmark",
    "broker_class": "jobs.engine.broker.PostgresBroker",
    "workers": int(os.environ.get("JOBS_WORKERS", "2")),
    "timeout": 24 * 60 * 60,
    "queue_limit": 1,
    "save_limit": 0,
    "ack_failures": True,
    "catch_up": False,
    "log_level": "WARNING",
    "ALT_CLUSTERS": {},
}
JOBS_SCHEDULE = "benchmarks.contenders.danbooru_jobs.SCHEDULE"
