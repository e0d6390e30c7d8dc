"""The project's settings, with a schedule and receivers of signals where a test wants them."""

import os

from booru.settings import *  # noqa: F403
from booru.settings import INSTALLED_APPS as APPS

JOBS_SCHEDULE = os.environ.get("CHAOS_SCHEDULE") or None

INSTALLED_APPS = [*APPS, *filter(None, [os.environ.get("CHAOS_APP")])]

# By which the clusters' connections are told from the test's own.
if name := os.environ.get("CHAOS_APPLICATION_NAME"):
    DATABASES["default"].setdefault("OPTIONS", {})["application_name"] = name  # noqa: F405
