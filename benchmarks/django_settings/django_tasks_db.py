"""Settings for django-tasks-db."""

from importlib.util import find_spec

from benchmarks.django_settings.common import *  # noqa: F403

# Django has tasks of its own from 6.0 on.
_OWN_TASKS = find_spec("django.tasks") is not None

INSTALLED_APPS = ["django_tasks_db", *([] if _OWN_TASKS else ["django_tasks"])]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
