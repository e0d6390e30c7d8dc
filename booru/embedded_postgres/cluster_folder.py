"""The files of the embedded PostgreSQL: made whole or not at all, and readable by its account only."""

import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from booru.embedded_postgres.account import Account, caller_name, server_account
from booru.embedded_postgres.address import ROLE, short_name
from booru.embedded_postgres.errors import PostgresUnavailable
from booru.embedded_postgres.programs import SHARED, Programs

ACCESS = f"# Who may connect as whom is in pg_ident.conf.\nlocal all {ROLE} peer map=callers\n"


def place_data(home: Path) -> Path:
    """The data folder below this one; a link to a folder elsewhere when another account must reach it."""
    data = home / "data"
    account = server_account()
    if account.is_other and home.stat().st_uid != account.uid and not data.exists():
        SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=f"{short_name(home.resolve())}-", dir=SHARED))
        account.give(place)
        data.unlink(missing_ok=True)
        data.symlink_to(place / "data")
    return data.resolve()


def initialize(data: Path, programs: Programs) -> None:
    """Run initdb unless it was run before; what it left half-made is thrown away."""
    version = data / "PG_VERSION"
    if version.exists():
        _check_version(data, version.read_text().strip(), programs)
        return
    unfinished = data.with_name(f"{data.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    run_as_server(
        [
            programs.path("initdb"),
            f"--pgdata={unfinished}",
            f"--username={ROLE}",
            "--encoding=UTF8",
            *_locale_options(programs.version),
            "--auth=peer",
            "--no-instructions",
        ],
        f"PostgreSQL could not make its data folder {data}",
    )
    unfinished.rename(data)


def write_access_rules(data: Path) -> None:
    """Let in who started the server, and nobody else of this machine."""
    account = server_account()
    for name, text in (("pg_hba.conf", ACCESS), ("pg_ident.conf", f'callers "{caller_name()}" {ROLE}\n')):
        path = data / name
        path.write_text(text)
        account.give(path)


def make_private(folder: Path, account: Account) -> None:
    """Make a folder that only this account can enter; one that somebody else made is not trusted."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.getuid()}:
        raise PostgresUnavailable(f"{folder} belongs to somebody else: remove it, or set DATABASE_URL")
    folder.chmod(0o700)
    account.give(folder)


def run_as_server(command: list[str], failure: str) -> None:
    """Run a program of PostgreSQL under the server's account; raises PostgresUnavailable when it fails."""
    account = server_account()
    identity = (
        {"user": account.uid, "group": account.gid, "extra_groups": list[int]()} if account.is_other else {}
    )
    # PGDATA, PGPORT and the like are about another server.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    try:
        answer = subprocess.run(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            cwd="/",
            env=environment | {"LC_ALL": "C"},
            umask=0o077,
            **identity,  # type: ignore[call-overload]
        )
    except OSError as error:
        raise PostgresUnavailable(f"{failure}: {error}") from error
    if answer.returncode != 0:
        raise PostgresUnavailable(f"{failure}: {_reason(answer.stderr or answer.stdout)}")


def _locale_options(version: int) -> list[str]:
    # The same order and the same upper and lower case on every machine.
    if version >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _check_version(data: Path, version: str, programs: Programs) -> None:
    if version != str(programs.version):
        raise PostgresUnavailable(
            f"{data} was made by PostgreSQL {version} and does not go with the {programs.version} found now: "
            "install the former again, or delete that folder with the data in it"
        )


def _reason(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "error:" in line or "FATAL:" in line or "No space" in line]
    return (telling or lines or ["no reason was given"])[0]
