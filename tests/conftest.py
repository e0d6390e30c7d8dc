"""What every test has."""

import os
import signal

import pytest
from django.conf import settings as project_settings
from django.db import connection
from hypothesis import HealthCheck, settings

from tests.support.waiting import PATIENCE

# No example is too slow on a busy machine. Each run tries the same ones; HYPOTHESIS_PROFILE=explore others.
_PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
settings.register_profile("same", **_PATIENT, derandomize=True)
settings.register_profile("explore", **_PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# What a test starts is given this process's DATABASE_URL, and so needs its key.
os.environ.setdefault("SECRET_KEY", project_settings.SECRET_KEY)

# Commands that a test starts go by the address that it gives them.
os.environ.pop("DIRECT_DATABASE_URL", None)

# Tests that a script starts in the background are told to ignore Ctrl-C, and so would be whatever they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Nothing that outlived its test, such as the connection of a killed process, keeps the database."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(_END_OTHERS)


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    """Argon2 takes its time on purpose; a test has none to give."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_rate_limits(settings):
    """A test does in a second what a person does in a day, and on a slow machine at a high price.

    What requests cost stays off where a test wants the other limits: no test depends on how fast it runs.
    """
    settings.DANBOORU_RATE_LIMITS = False
    settings.DANBOORU_COST_LIMITS = {"anonymous": 0}


@pytest.fixture(autouse=True)
def patient_limits(settings):
    """A statement that takes its seconds on a busy machine is none that asks too much."""
    settings.DANBOORU_STATEMENT_TIMEOUTS = {"anonymous": PATIENCE}
    settings.DANBOORU_REQUEST_TIMEOUT = PATIENCE


@pytest.fixture(autouse=True)
def no_look_ups(settings):
    """A test asks nobody outside this machine."""
    settings.DANBOORU_CHECK_EMAIL_DOMAINS = False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Half a surrogate pair in what a test printed cannot be sent from one process to another."""
    report = yield
    report.sections = [(name, text.encode(errors="replace").decode()) for name, text in report.sections]
    return report
