import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import connection, connections

from jobs.engine.checks import check_settings
from jobs.engine.connection_options import CONNECTION_OPTIONS
from jobs.engine.cron import CronEntry
from tests.support.clusters import ROOT
from tests.support.sample_jobs import RecordJob


def ids():
    return [message.id for message in check_settings(None)]


def test_this_project_is_in_order():
    assert ids() == []
    assert not [message for message in run_checks() if message.id.startswith("jobs.")]


def test_manage_py_check_tells():
    """In a process of its own, which imports nothing but what the project does."""
    command = [sys.executable, "manage.py", "check"]
    mistaken = {**os.environ, "JOBS_MODE": "inlined"}
    done = subprocess.run(command, cwd=ROOT, env=mistaken, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "jobs.E001" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("JOBS_MODE", "inlined", "jobs.E001"),
        ("JOBS_ASYNC_THREADS", 0, "jobs.E002"),
        ("Q_CLUSTER", {"name": "site", "orm": "default"}, "jobs.E003"),
        ("Q_CLUSTER", {"broker_class": "django_q.brokers.orm.ORM"}, "jobs.E003"),
        ("Q_CLUSTER", {"broker_class": "jobs.engine.no_such.Broker"}, "jobs.E003"),
    ],
)
def test_a_setting_that_cannot_work_is_named_with_a_hint(settings, name, value, found):
    setattr(settings, name, value)
    (message,) = check_settings(None)
    assert message.id == found
    assert message.hint


def test_the_engine_must_come_before_django_q(monkeypatch):
    in_order = apps.get_app_configs()
    monkeypatch.setattr(apps, "get_app_configs", lambda: reversed(list(in_order)))
    assert ids() == ["jobs.E004"]


def test_a_named_queue_needs_alt_clusters(settings, monkeypatch):
    monkeypatch.setenv("Q_CLUSTER_NAME", "slow")
    assert ids() == []
    settings.Q_CLUSTER = {key: value for key, value in settings.Q_CLUSTER.items() if key != "ALT_CLUSTERS"}
    assert ids() == ["jobs.E005"]


@pytest.mark.parametrize(
    ("host", "options", "found"),
    [
        ("db.example", {}, ["jobs.W007"]),
        ("db.example", {"connect_timeout": 3}, ["jobs.W007"]),
        ("db.example", CONNECTION_OPTIONS, []),
        ("/run/postgresql", {}, []),
        ("", {}, []),
    ],
)
def test_connections_that_would_wait_for_ever_are_named(monkeypatch, host, options, found):
    monkeypatch.setitem(connection.settings_dict, "HOST", host)
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    assert ids() == found


def test_the_site_notices_dead_connections():
    assert connections.settings["default"]["OPTIONS"].items() >= CONNECTION_OPTIONS.items()


SCHEDULE = [
    CronEntry(key="good", cron="0 * * * *", job=RecordJob, args=("x",)),
    CronEntry(key="six", cron="0 * * * * *", job=RecordJob),
    CronEntry(key="never", cron="0 0 31 2 *", job=RecordJob),
    CronEntry(key="x", cron="x", job=RecordJob),
    CronEntry(key="none", cron=None, job=RecordJob),
    CronEntry(key="args", cron="0 * * * *", job=RecordJob, args=(object(),)),
    CronEntry(key="class", cron="0 * * * *", job=object),
    CronEntry(key="twice", cron="0 * * * *", job=RecordJob),
    CronEntry(key="twice", cron="1 * * * *", job=RecordJob),
    "no entry",
]


def test_every_entry_of_the_schedule_that_is_wrong_is_told(settings):
    settings.JOBS_SCHEDULE = f"{__name__}.SCHEDULE"
    found = [message for message in check_settings(None) if message.id in {"jobs.E008", "jobs.E009"}]
    assert len(found) == 9
    for key in ("key='six'", "key='never'", "key='x'", "key='none'", "key='args'", "key='class'", "no entry"):
        assert sum(key in message.msg for message in found) == 1, key
    assert not any("key='good'" in message.msg for message in found)


@pytest.mark.parametrize("path", ["no.such.module", "os.getcwd", "tests.jobs.engine.test_checks.pytestmark"])
def test_a_schedule_that_is_not_there_is_told(settings, path):
    settings.JOBS_SCHEDULE = path
    assert {"jobs.E007", "jobs.E008"} & {message.id for message in check_settings(None)}
