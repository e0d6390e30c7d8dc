"""Servers for tests that start, kill and stop real ones."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from booru.embedded_postgres import processes
from booru.embedded_postgres.account import server_account
from booru.embedded_postgres.server import Server


@contextmanager
def a_server(name: str = "a server") -> Iterator[Server]:
    """A server that does not run yet, in a folder with a space; nothing of it stays."""
    # Not tmp_path: it may be out of reach of the account that the server runs under.
    top = Path(tempfile.mkdtemp(prefix="danbooru-tested-", dir="/tmp"))
    top.chmod(0o755)
    home = top / name
    home.mkdir(mode=0o700)
    server_account().give(home)
    server = Server(home=home, sockets=top / "socket", settings={"fsync": "off"})
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(top)


def process_of(server: Server) -> psutil.Process:
    found = processes.server_of(server.data)
    assert found is not None
    return found


def query(server: Server, sql: str) -> object:
    with psycopg.connect(server.url, autocommit=True) as connection:
        cursor = connection.execute(sql)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None
