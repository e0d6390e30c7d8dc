"""The engine in a fresh Django project: the five lines of docs/engine.md, and nothing of the booru."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.docs.test_samples import blocks
from tests.support.clusters import ROOT, database_url
from tests.support.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]

SETTINGS = """
import sys

class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"booru", "mailers"}:
            raise ImportError(f"the engine must not need {name}")

sys.meta_path.insert(0, Nowhere())
ALLOWED_HOSTS = ["testserver"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", **%r}}
"""

JOBS = """
from django.contrib.auth.models import Group
from jobs.engine.base import Job
from jobs.engine.retry import Retry

class RenameGroupJob(Job):
    retry = Retry(on=(ConnectionError,), attempts=2, wait=lambda attempt: 0)

    def perform(self, group: Group, name: str) -> None:
        if self.job.attempts == 1:
            raise ConnectionError("once")
        group.name = name
        group.save()
"""

ENQUEUE = """
from django.contrib.auth.models import Group
from shop.jobs import RenameGroupJob

RenameGroupJob.enqueue(Group.objects.create(name="clients"), name="customers")
"""

VISIT = """
import json
import jobs.engine.base
from django.contrib.auth.models import User
from django.test import Client
from jobs.engine.models import BackgroundJob

client = Client()
paths = ["/jobs", "/jobs.json", f"/jobs/{BackgroundJob.objects.get().pk}"]
seen = {"before": [client.get(path).status_code for path in paths]}
client.force_login(User.objects.create_superuser("ada"))
answers = [client.get(path) for path in paths]
seen |= {
    "after": [answer.status_code for answer in answers],
    "pages": [answer.content.decode() for answer in answers],
    "request": answers[0].headers.get("X-Request-Id", ""),
    "engine": jobs.engine.base.__file__,
}
print(json.dumps(seen))
"""


@pytest.fixture
def database():
    """The connection settings of a database beside the test's own."""
    ours = connection.settings_dict
    name = f"{ours['NAME']}_shop"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield {"NAME": name, **{key: str(ours[key]) for key in ("USER", "PASSWORD", "HOST", "PORT")}}
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def shop(tmp_path, database):
    """`startproject shop`, a copy of the engine beside it, and the lines of docs/engine.md."""
    folder = tmp_path / "project"
    folder.mkdir()
    run(folder, "-m", "django", "startproject", "shop", ".")
    (folder / "jobs").mkdir()
    (folder / "jobs" / "__init__.py").touch()
    shutil.copytree(
        ROOT / "jobs" / "engine", folder / "jobs" / "engine", ignore=shutil.ignore_patterns("__pycache__")
    )
    append(folder / "shop" / "settings.py", SETTINGS % database, block("# settings.py"))
    append(folder / "shop" / "urls.py", block("# urls.py"))
    (folder / "shop" / "jobs.py").write_text(JOBS)
    return folder


def block(first_line):
    return next(code for code in blocks() if code.startswith(first_line))


def append(file, *texts):
    file.write_text("\n".join([file.read_text(), *texts]))


def environment():
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTHONPATH")
    return {
        key: value for key, value in os.environ.items() if key not in ours and not key.startswith("JOBS_")
    }


def run(folder, *command):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def cluster(folder):
    log = folder / "qcluster.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "qcluster"],
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)


def group_names(database):
    server = database_url().rpartition("/")[0]
    with psycopg.connect(f"{server}/{database['NAME']}") as other:
        return [name for (name,) in other.execute("SELECT name FROM auth_group").fetchall()]


def test_five_lines_are_enough(shop, database):
    lines = [line for name in ("# settings.py", "# urls.py") for line in block(name).splitlines()[1:]]
    added = [line for line in lines if line]
    assert len(added) == 5
    run(shop, "manage.py", "check", "--fail-level", "WARNING")
    run(shop, "manage.py", "makemigrations", "--check", "--dry-run")
    run(shop, "manage.py", "migrate", "-v0")
    run(shop, "manage.py", "shell", "-v0", "-c", ENQUEUE)
    with cluster(shop) as workers:
        wait_until(lambda: group_names(database) == ["customers"], what="a worker to perform the job")
        workers.send_signal(signal.SIGTERM)
        assert workers.wait(PATIENCE) == 0


def test_the_dashboard_needs_no_layout_of_the_project(shop):
    run(shop, "manage.py", "migrate", "-v0")
    run(shop, "manage.py", "shell", "-v0", "-c", ENQUEUE)
    seen = json.loads(run(shop, "manage.py", "shell", "-v0", "-c", VISIT))
    assert Path(seen["engine"]).is_relative_to(shop), "the copy is used, not the installed engine"
    assert seen["before"] == [403, 403, 403], "only staff may see it"
    assert seen["after"] == [200, 200, 200]
    index, _, show = seen["pages"]
    assert "Rename Group" in index
    assert "customers" in show
    assert re.fullmatch(r"[0-9a-f-]{36}", seen["request"])
    for path in re.findall(r'(?:href|src)="/?static/([^"]+)"', index):
        assert run(shop, "manage.py", "findstatic", path, "-v0").strip(), f"{path} is not part of the engine"
