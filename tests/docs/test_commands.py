"""What README, CONTRIBUTING and docs/ tell people to type works for a newcomer, with no variable of ours set.

When you name a command there, run `bin/test tests/docs -k WORD`; a quicker form of it goes into forms.py.
"""

import pytest

from tests.docs.commands import ROOT, commands_in, documented_commands
from tests.docs.forms import FORMS, form_of
from tests.docs.trial import TAGS, Trial
from tests.support.newcomer import newcomer

TYPED = [command for command in documented_commands() if not form_of(command).why_not]


def test_commands_are_found_in_blocks_and_sentences():
    text = (
        "Type `FOO=1 python x.py` or `manage.py jobs status`, not `seed` or `mail.py`.\n\n"
        "```sh\n$ export A=1\nbin/demo    # shows it\nmypy \\\n  --strict\n```\n```python\nbin/test\n```\n"
    )
    assert list(commands_in(text)) == [
        "export A=1; bin/demo",
        "export A=1; mypy --strict",
        "FOO=1 python x.py",
        "manage.py jobs status",
    ]


def test_every_form_is_of_a_command_that_the_docs_name():
    assert set(FORMS) - {command.rpartition("; ")[2] for command in documented_commands()} == set()


def test_ci_runs_the_checks_that_are_not_tried_here():
    ci = (ROOT / ".ci" / "run").read_text()
    steps = (
        '/ruff" check .',
        '/ruff" format --check .',
        '/mypy"',
        '/lint-imports"',
        "templates",
        "-m documented",
    )
    assert [step for step in steps if step not in ci] == []


@pytest.fixture(scope="module")
def person(tmp_path_factory):
    """Somebody who has come as far as the README's first commands."""
    with newcomer(tmp_path_factory.mktemp("newcomer")) as person:
        person.types("python manage.py migrate")
        person.types("python manage.py seed --posts 200")
        (person.folder / "tags.csv").write_text(TAGS)
        yield person


@pytest.mark.documented
@pytest.mark.parametrize("command", TYPED)
def test_a_documented_command_works(command, person, tmp_path):
    Trial(person, form_of(command), tmp_path).run()
