"""The code in docs/engine.md runs as it stands there."""

import re
import sys
import types

import pytest
from django.db import transaction

from jobs.engine.testing import perform_enqueued_jobs
from tests.docs.commands import ROOT

# Blocks for these files: tests/acceptance/test_another_project.py makes a project of them.
OTHER_FILES = ("# settings.py", "# urls.py")


def blocks():
    """Each Python block."""
    text = (ROOT / "docs" / "engine.md").read_text()
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.django_db
def test_the_code_runs(capsys):
    module = types.ModuleType("engine_chapter")
    sys.modules["engine_chapter"] = module
    try:
        for block in blocks():
            if not block.startswith(OTHER_FILES):
                exec(compile(block, f"engine.md: {block.splitlines()[0]}", "exec"), module.__dict__)
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
        del sys.modules["engine_chapter"]
