"""Somebody who has just got the project: a copy of it in a folder of its own, and what they type there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from booru.embedded_postgres.programs import SHARED
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
_LEFT_OUT = (".git", ".postgres", ".venv*", "__pycache__", ".*_cache", "*.egg-info")


@dataclass(frozen=True)
class Newcomer:
    """Types commands in the copy's folder, with nothing of our own environment, and `.venv` active."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        path = f"{self.folder / '.venv' / 'bin'}:{os.environ['PATH']}"
        return {"PATH": path, "HOME": os.environ["HOME"]}

    def types(self, line: str, text: str = "", *, code: int = 0) -> str:
        """What a line in the shell prints; it must end with that code."""
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=self.folder,
            env=self.environment,
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=3 * PATIENCE,
            check=False,
        )
        assert done.returncode == code, f"{line} ended with {done.returncode}:\n{done.stdout[-8000:]}"
        return done.stdout

    def starts(self, line: str, log: Path) -> subprocess.Popen[bytes]:
        """A server, which does not end by itself; stopping it is the caller's. Give `exec` in front of it."""
        with log.open("wb") as output:
            return subprocess.Popen(
                ["sh", "-c", line],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


@contextmanager
def newcomer(folder: Path) -> Iterator[Newcomer]:
    """The copy is without a database; one that it makes meanwhile goes with it."""
    copy = folder / "danbooru-jobs"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    _share_packages(copy)
    person = Newcomer(copy)
    try:
        yield person
    finally:
        person.types("python manage.py postgres stop")
        data = (copy / ".postgres" / "data").resolve()
        if data.is_relative_to(SHARED):
            shutil.rmtree(data.parent)


def _share_packages(copy: Path) -> None:
    """Installing them again would test the network; the stamp says that it is not needed."""
    (copy / ".venv").mkdir()
    for entry in (ROOT / ".venv").iterdir():
        (copy / ".venv" / entry.name).symlink_to(entry)
    stamp = copy / ".venv" / ".installed-dev"
    stamp.unlink(missing_ok=True)
    with (copy / "pyproject.toml").open("rb") as project:
        stamp.write_bytes(subprocess.run(["cksum"], stdin=project, capture_output=True, check=True).stdout)
