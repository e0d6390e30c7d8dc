"""docs/configuration.md lists every setting that the code reads, and no other."""

import re

from tests.docs.commands import ROOT

# Set by Django, gunicorn and bin/demo, not by people; what DATABASE_URL's readers take from libpq.
NOT_OURS = {"RUN_MAIN", "GUNICORN_CMD_ARGS", "DEMO_CALLED_FROM"}
_FROM_ENVIRONMENT = re.compile(
    r"(?:\benv\.\w+\(|\benviron(?:\.get\(|\.pop\(|\.setdefault\(|\[)|\bgetenv\(|\bsecret_of\()\s*\"([A-Z][A-Z0-9_]+)\""
)


def sources(*folders):
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path.read_text() for path in [*files, ROOT / "gunicorn.conf.py"]]


def names_in_table(heading):
    chapter = (ROOT / "docs" / "configuration.md").read_text().partition(f"\n## {heading}\n")[2]
    rows = re.findall(r"^\| (`[^|]*) \|", chapter.partition("\n## ")[0], re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)}


def test_every_environment_variable_is_in_its_table():
    found = {name for text in sources("booru", "jobs", "mailers") for name in _FROM_ENVIRONMENT.findall(text)}
    found -= {*NOT_OURS, "DJANGO_SETTINGS_MODULE"}
    assert "JOBS_WORKERS" in found
    assert names_in_table("Environment variables") == found


def test_every_setting_of_the_engine_is_in_its_table():
    found = {name for text in sources("jobs/engine") for name in re.findall(r'"(JOBS_[A-Z_]+)"', text)}
    assert "JOBS_RETENTION" in found
    assert names_in_table("The engine's settings") == found
