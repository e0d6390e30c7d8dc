"""The code in the README's chapter on the engine runs as it stands there."""

import re
import sys
import types
from pathlib import Path

import pytest
from django.db import transaction

from jobs.engine.testing import perform_enqueued_jobs

README = Path(__file__).resolve().parent.parent / "README.md"
# Blocks for these files: tests/acceptance/test_another_project.py makes a project of them.
OTHER_FILES = ("# settings.py", "# urls.py")


def engine_chapter():
    text = README.read_text()
    return text[text.index("## The engine in another project") : text.index("## Not here yet")]


def blocks():
    """Each Python block with the number of its line."""
    found = re.finditer(r"^```python\n(.*?)^```$", engine_chapter(), re.MULTILINE | re.DOTALL)
    return [match[1] for match in found]


@pytest.mark.django_db
def test_the_code_runs(capsys):
    module = types.ModuleType("readme")
    sys.modules["readme"] = module
    try:
        for block in blocks():
            if not block.startswith(OTHER_FILES):
                exec(compile(block, f"README: {block.splitlines()[0]}", "exec"), module.__dict__)
        failed = [job.error for job in perform_enqueued_jobs() if job.error]
        assert failed == []
        assert "prices: 2 shops, 0 failed, for mia" in capsys.readouterr().out
        tests = [value for name, value in vars(module).items() if name.startswith("test_")]
        assert len(tests) == 4
        for test in tests:
            with transaction.atomic():
                test()
                transaction.set_rollback(True)
    finally:
        del sys.modules["readme"]


def test_every_setting_is_in_the_table():
    sources = (README.parent / "jobs" / "engine").rglob("*.py")
    read = {name for source in sources for name in re.findall(r'"(JOBS_[A-Z_]+)"', source.read_text())}
    table = engine_chapter().partition("### Settings")[2]
    assert {name for name in read if f"`{name}`" not in table} == set()
