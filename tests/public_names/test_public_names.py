"""Names that others hold on to stay, or go on working beside the new ones.

Each list is a file here, one name a line. A name that is new is added to its list.
"""

from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from booru.web.api.permissions import all_permissions, current_names
from jobs.engine.enqueue.job_classes import load_job_class
from jobs.engine.enqueue.moved import current_path
from tests.public_names.names import all_names

# What to do when a name of the list is no longer there, on purpose.
ADVICE = {
    "api_permissions": "Saved keys say the old name: keep it among the _EARLIER of the permissions.",
    "checks": "Projects silence checks by these: give the number to nothing else.",
    "commands": "Crontabs and units call it: leave a command of the old name that calls the new one.",
    "cookies": "Browsers bring the old one: read both for as long as it lives.",
    "errors": "Rows, alerts and programs say the class by name, and code compares it as a text.",
    "headers": "Mail filters, proxies and programs read it: send the old one too.",
    "job_classes": "Rows say the old path: add it to JOBS_MOVED or to enqueue.moved. Its line stays.",
    "log_fields": "Dashboards of logs search it: say so in the change log.",
    "loggers": "LOGGING of projects names it: say so in the change log.",
    "migrations": "Old migrations import it: leave the name, or write into the migration what it did.",
    "salts": "What was signed or hashed with it is good no longer: keep the text, wherever the code moves.",
    "schedule": "Rows know entries by key: the new one forgets whether it is switched off.",
    "settings": "Deployments set it: read the old name too, and say so in the change log.",
    "settings_paths": "Projects write it into their settings: leave the old name leading to the new one.",
    "tables": "Other programs and older versions of the code read it.",
    "templates": "Projects override it by its name: say so in the change log.",
    "urls": "Templates and code of projects reverse it: leave the old name beside the new one.",
}


def listed(kind: str) -> list[str]:
    return Path(__file__).with_name(f"{kind}.txt").read_text(encoding="utf-8").splitlines()


def lines(names) -> str:
    return "".join(f"\n  {name}" for name in sorted(names))


@pytest.mark.parametrize("kind", ADVICE)
def test_the_public_names_are_those_of_the_list(kind):
    before, now = set(listed(kind)), set(all_names()[kind]())
    gone = set() if kind == "job_classes" else before - now
    assert not gone, f"{ADVICE[kind]} Gone from {kind}.txt:{lines(gone)}"
    assert not (new := now - before), f"Add to {kind}.txt:{lines(new)}"


def test_every_list_has_its_advice_and_is_in_order():
    assert set(ADVICE) == set(all_names())
    for kind in ADVICE:
        assert listed(kind) == sorted(set(listed(kind))), kind


@pytest.mark.parametrize("path", listed("job_classes"))
def test_a_row_finds_its_class_by_every_path_that_it_ever_had(path):
    assert load_job_class(path).__name__ == path.rpartition(".")[2]


@pytest.mark.parametrize("path", listed("paths_in_rows"))
def test_what_rows_name_beside_job_classes_is_there(path):
    assert import_string(current_path(path))


@pytest.mark.parametrize("path", listed("imports"))
def test_what_projects_import_is_where_the_docs_say(path):
    assert import_string(path)


@pytest.mark.parametrize("name", listed("earlier_api_permissions"))
def test_a_saved_key_of_before_still_permits_something(name):
    assert set(current_names([name])) <= set(all_permissions())
