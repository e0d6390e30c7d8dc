"""The process that enqueues for one contender and sees when its jobs are done.

`python -m benchmarks.contest.agent MODULE` reads commands, a line of JSON each, and answers each with one.
"""

import json
import os
import random
import select
import struct
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import psycopg

from benchmarks.contenders.protocol import Peer
from benchmarks.contest import work

# Seconds between two looks: at whether the first job is done, and whether all are. Little load, small errors.
FIRST_LOOKS, LOOKS = 0.002, 0.01
# Seconds without any progress after which a contender is said to be stuck.
PATIENCE = 60

Answer = dict[str, Any]


class Agent:
    """Every public method is a command."""

    def __init__(self, peer: Peer, connection: psycopg.Connection[Any]) -> None:
        self.peer = peer
        self.connection = connection
        # When a job was last seen finished.
        self.progress = 0.0
        # Open in both directions, so that it never ends when a worker does.
        self.clock = os.open(os.environ[work.CLOCK], os.O_RDWR)

    def install(self) -> Answer:
        self.peer.install()
        return {}

    def enqueue(self, count: int) -> Answer:
        return self._timed(lambda: self.peer.enqueue(count))

    def enqueue_many(self, count: int) -> Answer:
        is_there = True

        def enqueue() -> None:
            nonlocal is_there
            is_there = self.peer.enqueue_many(count)

        answer = self._timed(enqueue)
        return answer if is_there else {}

    def work_off(self, count: int) -> Answer:
        """Jobs and seconds from when the first has finished until the last has; workers see all at once."""
        since = self._value(self.peer.newest) or self.peer.first_id
        self.peer.enqueue_together(count)
        wal, self.progress = self._wal(), time.monotonic()
        first = since = self._first_unfinished(since)
        while since == first is not None:
            since = self._next_look(since, FIRST_LOOKS)
        # Those that were done before the enqueue had returned do not count.
        started, jobs = time.monotonic(), self._value(f"SELECT count(*) {self.peer.unfinished}", since)
        while since is not None:
            since = self._next_look(since, LOOKS)
        return {
            "jobs": jobs,
            "seconds": time.monotonic() - started,
            "wal": (self._wal() - wal) / count,
        }

    def _next_look(self, since: Any, pause: float) -> Any:
        """The first unfinished job a moment later."""
        time.sleep(pause)
        unfinished = self._first_unfinished(since)
        if unfinished != since:
            self.progress = time.monotonic()
        elif time.monotonic() > self.progress + PATIENCE:
            raise TimeoutError(f"no job was done for {PATIENCE} s")
        return unfinished

    def pick_up(self, samples: int, spread: float) -> Answer:
        """Milliseconds from the return of an enqueue until the job starts, each in an idle system."""
        return {"milliseconds": [self._pick_up(spread) for _ in range(samples)]}

    def empty(self) -> Answer:
        self.connection.execute(f"TRUNCATE {', '.join(self.peer.tables)} CASCADE")
        return {}

    def wal(self) -> Answer:
        """Where the WAL ends, in bytes."""
        return {"wal": self._wal()}

    def fill(self, finished: int, scheduled: int) -> Answer:
        self.peer.fill(finished, scheduled)
        for table in self.peer.tables:
            self.connection.execute(f"VACUUM ANALYZE {table}")
        return {}

    def _pick_up(self, spread: float) -> float:
        time.sleep(0.1 + random.uniform(0, spread))
        self.peer.enqueue_clock()
        enqueued = time.monotonic_ns()
        if not select.select([self.clock], [], [], PATIENCE)[0]:
            raise TimeoutError(f"a job did not start within {PATIENCE} s")
        (started,) = struct.unpack("q", os.read(self.clock, 8))
        # A worker may be faster than the answer to the one who enqueues.
        return max(0.0, float(started - enqueued) / 1e6)

    def _timed(self, action: Callable[[], None]) -> Answer:
        wal, started = self._wal(), time.monotonic()
        action()
        return {"seconds": time.monotonic() - started, "wal": self._wal() - wal}

    def _first_unfinished(self, since: Any) -> Any:
        return self._value(f"SELECT id {self.peer.unfinished} {self.peer.order} LIMIT 1", since)

    def _value(self, query: str, since: Any = None) -> Any:
        row = self.connection.execute(query, {"since": since}).fetchone()
        return row[0] if row else None

    def _wal(self) -> int:
        row = self.connection.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone()
        return int(row[0]) if row else 0


def main(module: str) -> None:
    # Nobody else writes where the answers go.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        import_module("django").setup()
    peer: Peer = import_module(f"benchmarks.contenders.{module}").Peer()
    with psycopg.connect(autocommit=True) as connection:
        agent = Agent(peer, connection)
        for line in sys.stdin:
            command = json.loads(line)
            print(json.dumps(getattr(agent, command.pop("do"))(**command)), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
