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
    ("booru/odd_part.py", "", "booru.odd_part"),
    (
        "booru/visitors/browsers.py",
        "import booru.web.http.errors",
        "booru.visitors.browsers -> booru.web.http.errors",
    ),
    (
        "booru/rules/tag_names.py",
        "import booru.models.tags.tag",
        "booru.rules.tag_names -> booru.models.tags.tag",
    ),
    ("jobs/mail.py", "import booru.rules.text", "jobs.mail -> booru.rules.text"),
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
    ("booru/services/odd_service.py", "", "booru.services.odd_service"),
    (
        "booru/services/tags/tag_mover.py",
        "import booru.services.moderation.bans",
        "booru.services.tags.tag_mover -> booru.services.moderation.bans",
    ),
    ("booru/bulk_update/odd_command.py", "", "booru.bulk_update.odd_command"),
    (
        "booru/bulk_update/kinds/command.py",
        "import booru.bulk_update.commands.nuke",
        "booru.bulk_update.kinds.command -> booru.bulk_update.commands.nuke",
    ),
    ("booru/posts/odd_posts.py", "", "booru.posts.odd_posts"),
    (
        "booru/posts/tag_edits/tag_edit.py",
        "import booru.posts.editing.editor",
        "booru.posts.tag_edits.tag_edit -> booru.posts.editing.editor",
    ),
    ("booru/models/odd_model.py", "", "booru.models.odd_model"),
    (
        "booru/models/tags/tag.py",
        "import booru.models.pages.wiki_page",
        "booru.models.tags.tag -> booru.models.pages.wiki_page",
    ),
    ("booru/models/__init__.py", "import booru.web.http.errors", "booru.models -> booru.web.http.errors"),
    ("jobs/odd_jobs.py", "import booru.web.http.errors", "jobs.odd_jobs"),
    (
        "jobs/engine/queue/claims.py",
        "import jobs.engine.dashboard.job",
        "jobs.engine.queue.claims -> jobs.engine.dashboard",
    ),
    ("jobs/engine/odd_part.py", "", "jobs.engine.odd_part"),
    ("jobs/engine/worker/odd_worker.py", "", "jobs.engine.worker.odd_worker"),
    (
        "jobs/engine/models/job.py",
        "import jobs.engine.worker.shifts",
        "jobs.engine.models.job -> jobs.engine.worker.shifts",
    ),
    (
        "jobs/engine/enqueue/arguments.py",
        "import jobs.engine.enqueue.launcher",
        "jobs.engine.enqueue.arguments -> jobs.engine.enqueue.launcher",
    ),
    ("jobs/engine/errors.py", "import mailers.models", "jobs.engine.errors -> mailers.models"),
    ("mailers/odd_emails.py", "", "mailers.odd_emails"),
    (
        "mailers/content/links.py",
        "import mailers.sending.delivery",
        "mailers.content.links -> mailers.sending.delivery",
    ),
]


def lint(folder, *options):
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


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
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("file", "line", "said"), PLANTED)
def test_what_is_planted_is_found(report, file, line, said):
    assert said in report


def test_the_rooms_of_the_site_need_no_circle_for_types_either(tmp_path):
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    but, with_types = "exclude_type_checking_imports = true", "exclude_type_checking_imports = false"
    assert but in contracts
    config = tmp_path / "pyproject.toml"
    config.write_text(contracts.replace(but, with_types), encoding="utf-8")
    done = lint(ROOT, "--config", config, "--contract", "web")
    assert "1 kept, 0 broken" in done.stdout, done.stdout
