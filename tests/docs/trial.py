"""Tries one documented command, in the form that forms.py gives it."""

from __future__ import annotations

import os
import pty
import re
import secrets
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from tests.docs.forms import Form
from tests.support.newcomer import Newcomer
from tests.support.waiting import PATIENCE, wait_until

TAGS = 'highres,5,100,"hires,high_res"\ntouhou,3,80,\nsolo,0,60,\n'
_MAKE_KEY = """
from booru.models import ApiKey, User
user = User.objects.by_name("mia_member")
print("KEY", user.name + ":" + ApiKey.objects.make(user, name="docs")[1])
"""


class Trial:
    """A newcomer types the command; every method raises AssertionError when it does not do what it should."""

    def __init__(self, person: Newcomer, form: Form, folder: Path) -> None:
        self.person, self.form, self.log = person, form, folder / "log"
        self.port = free_port()

    def run(self) -> None:
        if self.form.until:
            self.serve()
        elif self.form.keys:
            self.press()
        else:
            self.person.types(self.fill_in(self.form.line), code=self.form.code)

    def serve(self) -> None:
        """It serves, and ends in good order when it is told to."""
        until = self.fill_in(self.form.until)
        process = self.person.starts(self.fill_in(self.form.line), self.log)
        try:
            wait_until(lambda: self._answers(process, until), PATIENCE, until)
            process.send_signal(signal.SIGTERM)
            code = process.wait(PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)
        assert code in {self.form.code, -signal.SIGTERM}, self.log.read_text()[-8000:]

    def press(self) -> None:
        """It shows something on a terminal, and ends when the keys are pressed."""
        ours, theirs = pty.openpty()
        try:
            process = subprocess.Popen(
                ["sh", "-c", self.fill_in(self.form.line)],
                cwd=self.person.folder,
                env=self.person.environment | {"TERM": "xterm"},
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
                start_new_session=True,
            )
            os.close(theirs)
            try:
                shown = b""
                until = time.monotonic() + PATIENCE
                while process.poll() is None:
                    assert time.monotonic() < until, shown.decode(errors="replace")[-8000:]
                    with suppress(OSError):
                        shown += os.read(ours, 65536)
                        # Again and again: what is pressed before it listens may get lost.
                        os.write(ours, self.form.keys.encode())
            finally:
                process.kill()
                process.wait()
        finally:
            os.close(ours)
        assert process.returncode == self.form.code, shown.decode(errors="replace")[-8000:]

    def fill_in(self, line: str) -> str:
        values = {
            "PORT": lambda: str(self.port),
            "TAG_FILE": lambda: "tags.csv",
            "SECRET": lambda: secrets.token_urlsafe(48),
            "ADDRESS": self._address,
            "API_KEY": self._api_key,
        }
        return re.sub(rf"\b({'|'.join(values)})\b", lambda match: values[match[1]](), line)

    def _answers(self, process: subprocess.Popen[bytes], until: str) -> bool:
        assert process.poll() is None, f"it ended with {process.returncode}:\n{self.log.read_text()[-8000:]}"
        done = subprocess.run(
            ["sh", "-c", until],
            cwd=self.person.folder,
            env=self.person.environment,
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )
        return done.returncode == 0

    def _address(self) -> str:
        shown = self.person.types("python manage.py postgres run sh -c 'echo \"$DATABASE_URL\"'")
        return f"'{shown.strip()}'"

    def _api_key(self) -> str:
        shown = self.person.types("python manage.py shell", _MAKE_KEY)
        found = re.search(r"KEY (\S+)", shown)
        assert found, shown
        return found[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
