"""What is wrong with a project's settings, said by manage.py check and at each start."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, cast

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks as django_checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connection
from django.utils.module_loading import import_string

from jobs.engine import conf, cron
from jobs.engine.base import Job
from jobs.engine.broker import PostgresBroker
from jobs.engine.connections.pooling import POOLED, is_pooled
from jobs.engine.enqueue.arguments import encode_arguments
from jobs.engine.enqueue.modes import MODES
from jobs.engine.errors import ArgumentError

_BROKER = f"{PostgresBroker.__module__}.{PostgresBroker.__name__}"


@register(Tags.compatibility)
def check_settings(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 -- Django's signature
    **kwargs: Any,  # noqa: ARG001
) -> list[CheckMessage]:
    """Everything that would otherwise go wrong later, and less clearly."""
    checks = (
        _check_mode,
        _check_threads,
        _check_broker,
        _check_order,
        _check_cluster_name,
        _check_database,
        _check_connections,
    )
    return [*(message for check in checks if (message := check())), *_check_schedule()]


def _check_mode() -> Error | None:
    mode = conf.mode()
    if mode in MODES:
        return None
    hint = f"Choose one of {', '.join(MODES)}."
    return Error(f"JOBS_MODE is {mode!r}, which does not exist.", hint=hint, id="jobs.E001")


def _check_threads() -> Error | None:
    threads = getattr(settings, "JOBS_ASYNC_THREADS", 2)
    if isinstance(threads, int) and threads > 0:
        return None
    hint = "Set it to a whole number from 1, or leave it out for 2."
    return Error(f"JOBS_ASYNC_THREADS is {threads!r}.", hint=hint, id="jobs.E002")


def _check_broker() -> Error | None:
    with suppress(ImportError):
        path = getattr(settings, "Q_CLUSTER", {}).get("broker_class")
        if path and issubclass(import_string(path), PostgresBroker):
            return None
    hint = f'Set Q_CLUSTER = {{"name": "…", "broker_class": "{_BROKER}"}}.'
    return Error("django-q2 does not use the engine's broker: no job would run.", hint=hint, id="jobs.E003")


def _check_order() -> Error | None:
    names = [config.name for config in apps.get_app_configs()]
    if "django_q" in names and names.index("jobs.engine") < names.index("django_q"):
        return None
    hint = 'INSTALLED_APPS needs "jobs.engine" and, somewhere after it, "django_q".'
    return Error("manage.py qcluster would not be the engine's.", hint=hint, id="jobs.E004")


def _check_cluster_name() -> Error | None:
    cluster = getattr(settings, "Q_CLUSTER", {})
    named = os.environ.get("Q_CLUSTER_NAME", cluster.get("name"))
    if named == cluster.get("name") or "ALT_CLUSTERS" in cluster:
        return None
    hint = 'Add "ALT_CLUSTERS": {} to Q_CLUSTER; django-q2 wants it as soon as a queue is named.'
    return Error("Q_CLUSTER_NAME is set, but Q_CLUSTER has no ALT_CLUSTERS.", hint=hint, id="jobs.E005")


def _check_schedule() -> Iterator[Error]:
    """Every entry that would never be enqueued, or not as it seems."""
    try:
        entries = list(cron.entries())
    except Exception as error:  # noqa: BLE001 -- whatever the project's module does
        hint = "Set it to the path of a list of CronEntry, or leave it out."
        yield Error(f"JOBS_SCHEDULE cannot be read: {error}", hint=hint, id="jobs.E007")
        return
    keys = Counter(getattr(entry, "key", "") for entry in entries)
    for entry in entries:
        if problem := _problem(entry):
            hint = "Five fields, in UTC: minute hour day month weekday."
            yield Error(f"The schedule's {entry!r}: {problem}", hint=hint, id="jobs.E008")
        elif keys[entry.key] > 1:
            hint = "Give each entry a key of its own."
            yield Error(f"The schedule has several entries {entry.key}.", hint=hint, id="jobs.E009")


def _problem(entry: Any) -> str:
    if not isinstance(entry, cron.CronEntry):
        return "it is no CronEntry"
    job, line = cast("Any", entry.job), cast("Any", entry.cron)
    if not (isinstance(job, type) and issubclass(job, Job)):
        return "its job is no job class"
    if not isinstance(line, str):
        return "its line is no text"
    if problem := entry.problem():
        return problem
    try:
        encode_arguments(tuple(entry.args), {})
    except (ArgumentError, TypeError) as error:
        return str(error)
    return ""


def _check_database() -> Error | None:
    if connection.vendor == "postgresql":
        return None
    hint = "Jobs need PostgreSQL with psycopg 3, in DATABASES['default']."
    return Error(f"The database is {connection.vendor}.", hint=hint, id="jobs.E006")


@register(Tags.database)
def check_sessions(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 -- Django's signature
    databases: Sequence[str] | None,
    **kwargs: Any,  # noqa: ARG001
) -> list[CheckMessage]:
    """For `check --database default`, and before each `migrate`."""
    is_asked = DEFAULT_DB_ALIAS in (databases or ()) and connection.vendor == "postgresql"
    if not is_asked or not is_pooled():
        return []
    hint = (
        "Web pages may use it, with DISABLE_SERVER_SIDE_CURSORS in DATABASES; not qcluster, nor async mode."
    )
    return [django_checks.Warning(f"{POOLED}.", hint=hint, id="jobs.W010")]


def _check_connections() -> CheckMessage | None:
    settings_dict = connection.settings_dict
    host, options = settings_dict.get("HOST") or "", settings_dict.get("OPTIONS", {})
    missing = [name for name in ("connect_timeout", "tcp_user_timeout") if name not in options]
    if connection.vendor != "postgresql" or not host or host.startswith("/") or not missing:
        return None
    hint = 'Set "OPTIONS": CONNECTION_OPTIONS, from jobs.engine.connection_options, or values of your own.'
    return django_checks.Warning(
        f"DATABASES has no {' and no '.join(missing)}: workers wait for ever on a connection that is dead.",
        hint=hint,
        id="jobs.W007",
    )
