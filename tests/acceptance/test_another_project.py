"""The engine in a fresh Django project: its wheel, five lines of docs/engine.md, and no booru."""

import json
import os
import re
import signal
import subprocess
import zipfile
from contextlib import contextmanager, suppress
from email import message_from_bytes

import psycopg
import pytest
from django.db import connection
from packaging.requirements import Requirement

from tests.docs.test_samples import blocks
from tests.support.clusters import ROOT, database_url
from tests.support.elsewhere import build_wheel, start_project
from tests.support.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]

SETTINGS = """
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
from importlib.util import find_spec
from django.contrib.auth.models import User
from django.test import Client
from jobs.engine.models import BackgroundJob

client = Client()
paths = ["/jobs", f"/jobs/{BackgroundJob.objects.get().pk}", "/jobs.json"]
seen = {"strangers": {path: (answer.status_code, answer.content.decode())
    for path in paths for answer in [client.get(path)]}}
client.force_login(User.objects.create_superuser("ada"))
answers = [client.get(path) for path in paths]
seen |= {
    "codes": [answer.status_code for answer in answers],
    "pages": [answer.content.decode() for answer in answers],
    "request": answers[0].headers.get("X-Request-Id", ""),
    "importable": [name for name in %s if find_spec(name)],
}
print(json.dumps(seen))
"""
NOT_THERE = ("booru", "mailers", "jobs.mail", "anymail", "django_htmx", "environ", "opentelemetry", "tqdm")

TYPES = """
from django.contrib.auth.models import User
from jobs.engine.base import Job

class GreetUserJob(Job):
    def perform(self, user: User) -> int:
        return len(user.username)

reveal_type(GreetUserJob.enqueue(User()))
reveal_type(GreetUserJob.enqueue)
reveal_type(GreetUserJob.using(priority=3).enqueue)
reveal_type(GreetUserJob.call(User()))
GreetUserJob.enqueue("mia")
GreetUserJob.enqueue(User(), 1)
GreetUserJob.using(priority=3).enqueue("mia")
GreetUserJob.using(priority="high")
GreetUserJob.call("mia")
"""
MYPY = """
[mypy]
strict = true
plugins = mypy_django_plugin.main
[mypy.plugins.django-stubs]
django_settings_module = shop.settings
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build_wheel(tmp_path_factory.mktemp("dist"))


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
def shop(tmp_path, database, wheel):
    """`startproject shop`, and the lines of docs/engine.md."""
    return shop_in(tmp_path, database, wheel)


def shop_in(folder, database, wheel, *tools):
    shop = start_project(folder, wheel, *tools)
    shop.adds("shop/settings.py", SETTINGS % database, block("# settings.py"))
    shop.adds("shop/urls.py", block("# urls.py"))
    shop.adds("shop/jobs.py", JOBS)
    return shop


def block(first_line):
    return next(code for code in blocks() if code.startswith(first_line))


@contextmanager
def cluster(shop, log):
    process = shop.starts("manage.py", "qcluster", log=log)
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


def metadata_of(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(archive.read(name))


def test_the_package_needs_five_others_and_no_more(wheel):
    metadata = metadata_of(wheel)
    requires = [Requirement(text) for text in metadata.get_all("Requires-Dist")]
    names = {each.name for each in requires if not each.marker or each.marker.evaluate({"extra": ""})}
    assert names == {"django", "django-q2", "psycopg", "croniter", "psutil"}
    assert set(metadata.get_all("Provides-Extra")) == {"site", "demo", "dev", "bench"}


def test_the_package_is_the_engine_whole_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    engine = ROOT / "jobs" / "engine"
    files = [file for file in engine.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    ours = {str(file.relative_to(ROOT)) for file in files}
    assert packed == ours | {"jobs/__init__.py", "jobs/py.typed"}
    assert {file.suffix for file in files} >= {".py", ".html", ".css", ".js"}


def test_five_lines_are_enough(shop, database, tmp_path):
    lines = [line for name in ("# settings.py", "# urls.py") for line in block(name).splitlines()[1:]]
    added = [line for line in lines if line]
    assert len(added) == 5
    assert shop.runs("manage.py", "check", "--fail-level", "WARNING") == (
        "System check identified no issues (0 silenced).\n"
    )
    shop.runs("manage.py", "makemigrations", "--check", "--dry-run")
    assert shop.runs("manage.py", "migrate", "-v0") == ""
    shop.runs("manage.py", "shell", "-v0", "-c", ENQUEUE)
    with cluster(shop, tmp_path / "log") as workers:
        wait_until(lambda: group_names(database) == ["customers"], what="a worker to perform the job")
        workers.send_signal(signal.SIGTERM)
        assert workers.wait(PATIENCE) == 0
    assert "misconfigured" not in (tmp_path / "log").read_text()


def test_the_dashboard_needs_no_layout_of_the_project(shop):
    shop.runs("manage.py", "migrate", "-v0")
    shop.runs("manage.py", "shell", "-v0", "-c", ENQUEUE)
    seen = json.loads(shop.runs("manage.py", "shell", "-v0", "-c", VISIT % (NOT_THERE,)).splitlines()[-1])
    assert seen["importable"] == [], "the engine is by itself there"
    for path, (code, page) in seen["strangers"].items():
        assert code == 403, "only staff may see it"
        link = f"/admin/login/?next={path.replace('/', '%2F')}"
        assert path.endswith(".json") or f'<a href="{link}">Log in</a>' in page
    assert seen["codes"] == [200, 200, 200]
    index, show, _ = seen["pages"]
    assert "Rename Group" in index
    assert "customers" in show
    assert re.fullmatch(r"[0-9a-f-]{36}", seen["request"])
    for page in (index, show):
        assert "data-live=" in page
        assert "data-jobs-confirm=" in page
    assets = re.findall(r'(?:href|src)="/?static/([^"]+)"', index)
    style, script = (
        "".join((shop.static / path).read_text() for path in assets if path.endswith(ending))
        for ending in (".css", ".js")
    )
    states = ["queued", "scheduled", "retried", "running", "succeeded", "discarded"]
    assert [state for state in states if f".status-{state}" not in style] == []
    used, known = set(re.findall(r"var\((--[a-z-]+)", style)), set(re.findall(r"(--[a-z-]+):", style))
    assert used <= known, "a colour that is nowhere said"
    assert ".stacked td[data-label]::before" in style
    assert "htmx" not in script


def test_types_are_checked_there(tmp_path, database, wheel):
    shop = shop_in(tmp_path, database, wheel, "mypy", "django-stubs")
    shop.adds("shop/greetings.py", TYPES)
    shop.adds("mypy.ini", MYPY)
    said = shop.runs("-m", "mypy", "shop/greetings.py", code=1).splitlines()
    row, user = "jobs.engine.models.job.BackgroundJob", "django.contrib.auth.models.User"
    revealed = [re.sub(r'.*Revealed type is "(.*)"', r"\1", line) for line in said if "Revealed" in line]
    assert revealed == [row, f"def (user: {user}) -> {row}", f"def (user: {user}) -> {row}", "int"]
    first = TYPES.splitlines().index('GreetUserJob.enqueue("mia")') + 1
    wrong = [line for line in said if " error: " in line]
    assert [int(line.split(":")[1]) for line in wrong] == [first + each for each in range(5)], said
    assert 'has incompatible type "str"; expected "User"' in wrong[0]
