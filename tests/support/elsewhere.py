"""A Django project elsewhere, in an environment where the engine's wheel is installed, and no booru."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

from tests.support.clusters import ROOT
from tests.support.waiting import PATIENCE

# What of our own environment would tell the project where we are.
_OURS = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTHONPATH")


@dataclass(frozen=True)
class Project:
    """`startproject shop`, in a folder, with the Python of its own environment."""

    folder: Path
    python: Path
    packages: Path

    @property
    def static(self) -> Path:
        """The engine's static files."""
        return self.packages / "jobs" / "engine" / "static"

    def runs(self, *command: str, code: int = 0) -> str:
        """What Python prints for these words, to the standard error, too; it must end with that code."""
        done = subprocess.run(
            [self.python, *command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    def starts(self, *command: str, log: Path) -> subprocess.Popen[bytes]:
        """A server; stopping it is the caller's."""
        with log.open("wb") as output:
            return subprocess.Popen(
                [self.python, *command],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def adds(self, file: str, *texts: str) -> None:
        path = self.folder / file
        before = [path.read_text()] if path.exists() else []
        path.write_text("\n".join([*before, *texts]))

    @property
    def environment(self) -> dict[str, str]:
        """Python shows the warnings of libraries, too."""
        others = {
            key: value
            for key, value in os.environ.items()
            if key not in _OURS and not key.startswith("JOBS_")
        }
        return {**others, "PYTHONWARNINGS": "always"}


def build_wheel(folder: Path) -> Path:
    """The package as others get it; built here, because an isolated build downloads hatchling."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE)
    (wheel,) = folder.glob("*.whl")
    return wheel


def start_project(folder: Path, wheel: Path, *tools: str) -> Project:
    """With the wheel, what the wheel says that it needs, and the tools; nothing else is importable there."""
    venv.create(folder / "env", symlinks=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder / "env")}))
    project = Project(folder / "project", folder / "env" / "bin" / "python", packages)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)  # all that installing a wheel of Python files is
    engine = next(Distribution.discover(path=[str(packages)]))
    for package in _needed(engine.requires or [], tools):
        _link(package, packages)
    project.folder.mkdir()
    project.runs("-m", "django", "startproject", "shop", ".")
    return project


def _needed(requires: list[str], tools: tuple[str, ...]) -> Iterator[Distribution]:
    """What pip would install besides, each from our own environment."""
    wanted = [(Requirement(text), "") for text in [*requires, *tools]]
    seen = set()
    while wanted:
        requirement, extra = wanted.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        package = distribution(requirement.name)
        for name in ("", *requirement.extras):
            if (requirement.name, name) not in seen:
                seen.add((requirement.name, name))
                wanted += [(Requirement(text), name) for text in package.requires or []]
        yield package


def _link(package: Distribution, packages: Path) -> None:
    """Installing it again would test the network."""
    for name in {file.parts[0] for file in package.files or []} - {"..", "__pycache__"}:
        link = packages / name
        if not link.exists():
            link.symlink_to(Path(str(package.locate_file(name))))
