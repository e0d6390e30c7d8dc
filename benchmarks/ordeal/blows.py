"""What is done to the clusters of a soak, to their database and to their mail server."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psycopg
from django.db import DatabaseError, InterfaceError, connection

from benchmarks.ordeal.world import CLUSTERS, Place, World
from jobs.engine.models import BackgroundJob
from tests.chaos.own_server import end, freeze
from tests.chaos.versions import job_of
from tests.support.clusters import database_url
from tests.support.unruly_server import Fault
from tests.support.waiting import wait_until

# Seconds between two blows on average.
EVERY = 4.0
# For which the database's server does not answer. A cluster is dead after ten.
FROZEN = 12.0
# Conversations that the mail server drips through, byte by byte, and jobs that come with a new version.
DRIPS = 3
NEW_JOBS = 5


def _kill(kind: str) -> Callable[[World, Place], None]:
    def kill(world: World, place: Place) -> None:
        if pids := place.processes().get(kind):
            with suppress(ProcessLookupError):
                os.kill(world.rng.choice(pids), signal.SIGKILL)

    return kill


def _kill_cluster(_world: World, place: Place) -> None:
    place.cluster.signal_group(signal.SIGKILL)


def _stop_and_start(_world: World, place: Place) -> None:
    place.stop()
    place.start()


def _cut_connections(_world: World, _place: Place) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = %s AND random() < 0.7
            """,
            [CLUSTERS],
        )


def _restart_database(how: signal.Signals) -> Callable[[World, Place], None]:
    def restart(world: World, _place: Place) -> None:
        end(world.database, how)
        world.database.start()
        wait_until(_is_answering, what="the database to be back")

    return restart


def _freeze_database(world: World, _place: Place) -> None:
    freeze(world.database)
    time.sleep(FROZEN)
    freeze(world.database, frozen=False)


def _forbid_writing(world: World, _place: Place) -> None:
    _set_read_only("on")
    time.sleep(world.read_only)
    _set_read_only("off")
    # What is open keeps what it began with.
    connection.close()


def _set_read_only(how: str) -> None:
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SET default_transaction_read_only = off")
        other.execute(f"ALTER SYSTEM SET default_transaction_read_only = {how}")
        other.execute("SELECT pg_reload_conf()")


def _drip(world: World, _place: Place) -> None:
    """Whoever connects next waits for a greeting that never ends."""
    world.mail.faults += [Fault("banner", "drip")] * DRIPS
    # A connection that is open already would not come to the greeting again.
    world.mail.hang_up()
    before = world.mail.connections
    assert world.load
    for _ in range(2 * DRIPS):
        world.load.enqueue("email")
    wait_until(lambda: world.mail.connections > before, what="an email to be held")


def _deploy(world: World, place: Place) -> None:
    """The web servers come first, with jobs that the workers do not know yet; then this cluster follows."""
    world.install_next_version()
    job_class = job_of(world.version)
    with suppress(DatabaseError, InterfaceError):
        saved = job_class.enqueue_many([(f"new-{world.version}-{n}",) for n in range(NEW_JOBS)])
        met = BackgroundJob.objects.filter(pk__in=saved, attempts__gt=0)
        wait_until(met.exists, what="an old worker to meet a job of the next version")
    _stop_and_start(world, place)


def _is_answering() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        connection.close()
        return False
    return True


@dataclass(frozen=True)
class Blow:
    # How it is told in a table.
    words: str
    strike: Callable[[World, Place], None]
    # How often it falls in a storm, beside the others.
    weight: int = 1


BLOWS = {
    "worker": Blow("a worker is killed", _kill("worker"), 6),
    "connections": Blow("connections to the database are cut", _cut_connections, 2),
    "pusher": Blow("the pusher is killed", _kill("pusher")),
    "monitor": Blow("the monitor is killed", _kill("monitor")),
    "sentinel": Blow("the sentinel is killed", _kill("sentinel"), 2),
    "master": Blow("the master is killed", _kill("master")),
    "cluster": Blow("a whole cluster is killed", _kill_cluster),
    "restart": Blow("a cluster is stopped and started", _stop_and_start),
    "deploy": Blow("jobs of a new class come before its workers do", _deploy),
    "database": Blow("the database restarts", _restart_database(signal.SIGINT)),
    "crash": Blow("the database crashes", _restart_database(signal.SIGQUIT)),
    "frozen": Blow(f"the database does not answer for {FROZEN:.0f} s", _freeze_database),
    "read-only": Blow("nothing can be written", _forbid_writing),
    "mail": Blow("the mail server drips", _drip),
}


class Storm:
    """Strikes one place, then the other, then both: so that the processes of each grow old, too."""

    def __init__(self, world: World, seconds: float) -> None:
        self._world, self._seconds = world, seconds
        self._next = EVERY
        self.blows: Counter[str] = Counter()

    def pass_over(self, at: float) -> None:
        """Strike if it is time, that many seconds after the start."""
        places, rng = self._world.places, self._world.rng
        for place in places:
            place.look_after()
        if at < self._next:
            return
        self._next = at + rng.uniform(0.5, 1.5) * EVERY
        part = at / self._seconds
        index = 0 if part < 0.4 else 1 if part < 0.8 else rng.randrange(len(places))
        name = rng.choices(list(BLOWS), [blow.weight for blow in BLOWS.values()])[0]
        BLOWS[name].strike(self._world, places[index])
        self.blows[name] += 1
