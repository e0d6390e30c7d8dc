"""A PostgreSQL server of our own: started and stopped by any process that needs it."""

import fcntl
import os
import shlex
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from booru.embedded_postgres import cluster_folder, processes
from booru.embedded_postgres.account import server_account
from booru.embedded_postgres.address import DATABASE, embedded_url
from booru.embedded_postgres.errors import PostgresUnavailable
from booru.embedded_postgres.programs import find_programs

START_SECONDS = 120


@dataclass(frozen=True)
class Server:
    """The server whose files are in `home` and whose socket is in `sockets`; both may be one folder."""

    home: Path
    sockets: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return (self.home / "data").resolve()

    @property
    def log(self) -> Path:
        return self.data.with_name("postgres.log")

    @property
    def url(self) -> str:
        return embedded_url(self.sockets)

    @property
    def owner_file(self) -> Path:
        """Names the process that will stop the server; see borrowing.py."""
        return self.home / "owner"

    def is_running(self) -> bool:
        return self._process() is not None

    def start(self) -> bool:
        """Start it unless it runs; tell whether it had to be started.

        Whoever comes second waits for the first. Raises PostgresUnavailable when there is no way.
        """
        with self.lock():
            was_running = self.is_running()
            if not was_running:
                self._start()
            self._make_database()
            return not was_running

    def stop(self) -> bool:
        """Stop it if it runs, closing its connections; tell whether it ran."""
        with self.lock():
            running = processes.server_of(self.data)
            if running and not processes.stop([running], signal.SIGINT, signal.SIGQUIT):
                raise PostgresUnavailable(f"PostgreSQL (process {running.pid}) does not stop; see {self.log}")
            if self.sockets != self.home and self.sockets.exists() and not any(self.sockets.iterdir()):
                self.sockets.rmdir()
            return running is not None

    def connections(self) -> int:
        """How many clients are connected."""
        with self._connect() as connection:
            query = (
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> %s"
            )
            row = connection.execute(query, [connection.info.backend_pid]).fetchone()
            return int(row[0]) if row else 0

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise PostgresUnavailable(
                f"Cannot keep a database in {self.home} ({error.strerror}): "
                "use the account that it belongs to, or set DATABASE_URL"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _process(self) -> psutil.Process | None:
        """The server, where it can be reached; after the project was moved it has its socket elsewhere."""
        found = processes.server_of(self.data)
        return found if found and found == processes.server_at_socket(self.sockets) else None

    def _start(self) -> None:
        account = server_account()
        if not account.name:
            raise PostgresUnavailable(
                "PostgreSQL needs an account of this machine that is not root: "
                "run this as another user, or set DATABASE_URL to the address of a server"
            )
        programs = find_programs()
        try:
            data = cluster_folder.place_data(self.home)
            self._end_old_servers(data)
            cluster_folder.initialize(data, programs)
            cluster_folder.write_access_rules(data)
            cluster_folder.make_private(self.sockets, account)
            self.owner_file.unlink(missing_ok=True)
        except OSError as error:
            raise PostgresUnavailable(f"Cannot make PostgreSQL's folders in {self.home}: {error}") from error
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.sockets), **self.settings}
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        cluster_folder.run_as_server(
            [
                programs.path("pg_ctl"),
                "start",
                f"--pgdata={data}",
                f"--log={self.log}",
                "--wait",
                f"--timeout={START_SECONDS}",
                f"--options={options}",
            ],
            f"PostgreSQL does not start; see {self.log}",
        )

    def _end_old_servers(self, data: Path) -> None:
        """End what stands in the way of a start, but nothing that is not a PostgreSQL in its folder."""
        elsewhere = [
            found for found in (processes.server_of(data), processes.server_at_socket(self.sockets)) if found
        ]
        processes.stop(elsewhere, signal.SIGINT, signal.SIGQUIT)
        # Left by a server that was killed, or whose folder was deleted under it.
        if not processes.stop(processes.processes_of(data), signal.SIGQUIT, signal.SIGKILL):
            raise PostgresUnavailable(f"Processes of an earlier PostgreSQL in {data} do not end")
        # Their pids may be a stranger's by now, for whose sake PostgreSQL would not start.
        for stale in (data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _make_database(self) -> None:
        with self._connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f'CREATE DATABASE "{DATABASE}"')

    def _connect(self) -> psycopg.Connection:
        """A connection; a server that is still recovering from a crash is waited for."""
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                return psycopg.connect(embedded_url(self.sockets, "postgres"), autocommit=True)
            except psycopg.OperationalError as error:
                if time.monotonic() > until or not self.is_running():
                    raise PostgresUnavailable(f"PostgreSQL does not answer: {error}") from error
                time.sleep(0.1)
