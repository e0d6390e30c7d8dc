"""The README's first job and email, typed as it says, print what it says."""

import re
import signal

import pytest

from tests.docs.commands import FENCE, ROOT
from tests.support.newcomer import newcomer
from tests.support.waiting import PATIENCE, wait_until

CHANGING = [
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), "MOMENT"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}"), "MOMENT"),
    (re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"), "MOMENT"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"/users/\d+|user_id=\d+"), "USER"),
    (re.compile(r"(sig|signed_\w+|token|email_verification_key)=\S+?(?=[&>\s]|$)"), "SIGNATURE"),
]


def chapter():
    return (ROOT / "README.md").read_text().partition("## A job and an email")[2].partition("\n## ")[0]


def blocks(language):
    return [block for name, block in FENCE.findall(chapter()) if name == language]


def masked(text):
    for pattern, word in CHANGING:
        text = pattern.sub(word, text)
    return [line.rstrip() for line in text.strip().splitlines()]


@pytest.mark.documented
def test_the_first_job_and_email_print_what_the_readme_shows(tmp_path):
    module, session, *_ = blocks("python")
    (shown,) = blocks("")
    log = tmp_path / "log"
    with newcomer(tmp_path) as person:
        (person.folder / "jobs" / "greetings.py").write_text(module)
        commands = blocks("sh")[0].splitlines()
        assert commands[0] == ". .venv/bin/activate"
        for line in commands[1:-1]:
            person.types(line)
        workers = person.starts(commands[-1].replace("DANBOORU", "exec env DANBOORU", 1), log)
        try:
            wait_until(
                lambda: "no cluster" not in person.types("python manage.py jobs status || echo no cluster")
            )
            person.types(".venv/bin/python manage.py shell", session)
            wait_until(lambda: "-" * 79 in log.read_text() and "Hello" in log.read_text())
            workers.send_signal(signal.SIGTERM)
            workers.wait(PATIENCE)
        finally:
            if workers.poll() is None:
                workers.kill()
        text = log.read_text()
    printed = text[re.search(r"^\S+ \S+ INFO jobs ", text, re.MULTILINE).start() :]
    printed = printed[: printed.index("-" * 79) + 79]
    assert masked(printed) == masked(shown), printed
