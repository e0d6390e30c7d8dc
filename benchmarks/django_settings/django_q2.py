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
# Chosen from 14 settings (poll 0.005 to 0.2, bulk 1 to 5000, queue_limit 50 to 5000, workers 1 to 8), each
# tried two to five times on a busy machine: they worked off 180 to 620 jobs/s, and one setting differed as
# much from try to try as from the others. So this is no proven best: it did well each time with two
# workers, and its poll keeps the pick-up short. Try again on a quiet machine before a close ratio is relied
# upon.
TUNED = {
    **AS_IT_COMES,
    "save_limit": 0,
    "poll": 0.05,
    "bulk": 500,
    "queue_limit": 1000,
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
