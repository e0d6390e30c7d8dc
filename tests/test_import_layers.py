"""The contracts of imports fail when something is where it does not belong, or imports what it must not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# A file, what is written at its end, and what is said of it.
PLANTED = [
    ("booru/web/odd_page.py", "", "booru.web.odd_page"),
    (
        "booru/web/http/requests.py",
        "from booru.web.site import records",
        "booru.web.http.requests -> booru.web.site",
    ),
    (
        "booru/web/login/log_in.py",
        "import booru.web.forum.votes",
        "booru.web.login.log_in -> booru.web.forum.votes",
    ),
    (
        "booru/web/tags/searches.py",
        "import booru.web.middleware",
        "booru.web.tags.searches -> booru.web.middleware",
    ),
    ("booru/models/__init__.py", "import booru.web.http.errors", "booru.models -> booru.web.http.errors"),
    ("jobs/engine/errors.py", "import mailers.models", "jobs.engine.errors -> mailers.models"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What is said of a copy of the project with all of them in it."""
    copy = tmp_path_factory.mktemp("project")
    for package in ("booru", "jobs", "mailers"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for file, line, _ in PLANTED:
        with (copy / file).open("a", encoding="utf-8") as code:
            code.write(f"\n{line}\n")
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("file", "line", "said"), PLANTED)
def test_what_is_planted_is_found(report, file, line, said):
    assert said in report
