"""pgqueuer, with the asyncpg driver and uvloop, as its own command starts it.

`python -m benchmarks.contenders.pgqueuer BATCH_SIZE` is a worker, because `pgq run` does not start with every
version of the command line library that it may be installed with.
"""

import asyncio
import subprocess
import sys
from typing import Any

import asyncpg
import psycopg
import uvloop
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver, SyncPsycopgDriver
from pgqueuer.queries import SyncQueries

from benchmarks.contest import work


async def _noop(job: Any) -> None:
    work.noop(int(job.payload))


async def _tell_time(_job: Any) -> None:
    work.tell_time()


async def run_worker(batch_size: int) -> None:
    """Work until the process ends."""
    connection = await asyncpg.connect()
    try:
        queuer = PgQueuer(AsyncpgDriver(connection))
        queuer.entrypoint("noop")(_noop)
        queuer.entrypoint("tell_time")(_tell_time)
        await queuer.run(batch_size=batch_size)
    finally:
        await connection.close()


class Peer:
    tables = ("pgqueuer", "pgqueuer_log")
    newest = "SELECT id FROM pgqueuer ORDER BY id DESC LIMIT 1"
    # The row moves to the log when it is finished.
    unfinished = "FROM pgqueuer WHERE id >= %(since)s"
    order = "ORDER BY id"
    first_id = 0

    def __init__(self) -> None:
        self.queries = SyncQueries(SyncPsycopgDriver(psycopg.connect(autocommit=True)))

    def install(self) -> None:
        subprocess.run([sys.executable, "-m", "pgqueuer", "install"], check=True)

    def enqueue(self, count: int) -> None:
        for number in range(count):
            self.queries.enqueue("noop", str(number).encode())

    def enqueue_many(self, count: int) -> bool:
        self.queries.enqueue(["noop"] * count, [str(n).encode() for n in range(count)], [0] * count)
        return True

    def enqueue_together(self, count: int) -> None:
        self.enqueue_many(count)

    def enqueue_clock(self) -> None:
        self.queries.enqueue("tell_time", None)

    def fill(self, finished: int, scheduled: int) -> None:
        raise NotImplementedError


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run_worker(int(sys.argv[1])))
