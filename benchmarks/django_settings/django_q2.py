"""Settings for django-q2 with its own ORM broker: as it comes, and as fast as it gets."""

import os

from benchmarks.django_settings.common import *  # noqa: F403
from benchmarks.django_settings.common import DATABASES

INSTALLED_APPS = ["django_q", "django.contrib.contenttypes", "django.contrib.auth"]

AS_IT_COMES = {
    "name": "benchmark",
    "orm": "default",
    "workers": 2,
    # Its documentation asks for these two.
    "timeout": 60,
    "retry": 120,
}
TUNED = {
    **AS_IT_COMES,
    "workers": int(os.environ.get("BENCH_Q_WORKERS", "2")),
    "save_limit": 0,
    "poll": float(os.environ.get("BENCH_Q_POLL", "0.01")),
    "bulk": int(os.environ.get("BENCH_Q_BULK", "50")),
    "queue_limit": int(os.environ.get("BENCH_Q_LIMIT", "200")),
    "recycle": 1_000_000,
    "log_level": "WARNING",
}

if os.environ.get("BENCHMARK_TUNED"):
    Q_CLUSTER = TUNED
    # Or it would connect anew for every job.
    DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}
else:
    Q_CLUSTER = AS_IT_COMES
    DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
