"""A real PgBouncer before the test's database; tests that need one are skipped where it is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from booru.embedded_postgres.account import server_account
from tests.support.silent_proxy import silent_proxy
from tests.support.waiting import wait_until

# Debian's is in /usr/sbin, which is not on everybody's PATH.
PROGRAM = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
needs_pgbouncer = pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed")
CONFIGURATION = "pgbouncer.ini"
_USER = "pooled"


@dataclass
class PgBouncer:
    """It listens in a folder of its own, and reaches the database by a port of the test's."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The test's database, through it."""
        name = quote(connection.settings_dict["NAME"])
        return f"postgres://{_USER}@{quote(str(self.folder), safe='')}/{name}"

    def start(self) -> None:
        assert PROGRAM
        account = server_account()
        # It refuses to run as root.
        identity = {"user": account.uid, "group": account.gid, "extra_groups": []} if account.is_other else {}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, str(self.folder / CONFIGURATION)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **identity,
            )
        wait_until(self._answers, what="PgBouncer to answer")

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
        for left in list(self.folder.glob(".s.PGSQL.*")):
            left.unlink()

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True, prepare_threshold=None) as client:
            return client.execute(query).fetchall()

    def _answers(self) -> bool:
        assert self.process
        assert self.process.poll() is None, (self.folder / "log").read_text()
        with suppress(psycopg.Error):
            return bool(self.ask("SELECT 1"))
        return False


@contextmanager
def pgbouncer(pool_mode: str, **options: object) -> Iterator[PgBouncer]:
    folder = Path(tempfile.mkdtemp(prefix="danbooru-pool-", dir="/tmp"))
    pool = PgBouncer(folder)
    # The database may know its callers by their account: it sees this process, which silences nothing here.
    with silent_proxy() as proxy:
        path = folder / CONFIGURATION
        path.write_text(_configuration(folder, proxy.port, {"pool_mode": pool_mode, **options}))
        server_account().give(path)
        server_account().give(folder)
        try:
            pool.start()
            yield pool
        finally:
            pool.stop()
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def connected_through(pool: PgBouncer) -> Iterator[None]:
    """The test's own connection goes through it, too."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(HOST=str(pool.folder), PORT="", USER=_USER, PASSWORD="", OPTIONS={})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)


def _configuration(folder: Path, port: int, options: dict[str, object]) -> str:
    db = connection.settings_dict
    target = f"host=127.0.0.1 port={port} user='{db['USER']}'"
    if db["PASSWORD"]:
        target += f" password='{db['PASSWORD']}'"
    settings = {
        "listen_addr": "",
        "listen_port": 5432,  # names the socket
        "unix_socket_dir": folder,
        "auth_type": "any",
        **options,
    }
    lines = [f"{name} = {value}" for name, value in settings.items()]
    return "\n".join(["[databases]", f"* = {target}", "[pgbouncer]", *lines, ""])
