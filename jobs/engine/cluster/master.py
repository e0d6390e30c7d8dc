"""The master process of a cluster: it keeps up the sentinel, which keeps up all others."""

from __future__ import annotations

import sys
import uuid
from collections import deque
from multiprocessing import current_process
from multiprocessing.sharedctypes import RawValue
from time import monotonic, sleep
from typing import Any

from django_q import cluster
from django_q.cluster import get_mp_context
from django_q.conf import setproctitle

from jobs.engine import conf
from jobs.engine.cluster.forks import PAUSE, Forks
from jobs.engine.cluster.sentinel import Flag, Sentinel
from jobs.engine.faults.engine_log import pool_logger as logger

# Seconds that a stop may take beside waiting for the jobs.
LAST_STEPS = 15.0
# Seconds after which a sentinel that does not go on, such as one whose connection is dead, is killed.
STUCK_AFTER = 60.0
# So many deaths of sentinels within so many seconds end the cluster; whoever started it may start it again.
DEATHS, DEATHS_WITHIN = 5, 60.0
# Seconds between two looks at the sentinel.
_LOOK_EVERY = 0.5
# Seconds between two of them by which one tells that this process itself was stopped for a while.
_PAUSE = 3.0
# The workers of a sentinel that died; see die_with_parent.
CHILDREN_DIE_TOO = sys.platform == "linux"


class Cluster(cluster.Cluster):  # type: ignore[misc]
    """The master process: starts the sentinel, and another when it dies; stops it on SIGTERM and SIGINT."""

    sentinel: Any
    cluster_id: uuid.UUID
    start_event: Flag | None

    def start(self) -> int:
        if setproctitle:
            setproctitle.setproctitle(f"qcluster {current_process().name} {self.name}")
        self.stop_event = Flag()
        self._is_stop_asked = False
        self._start_sentinel(previous=None)
        logger.info("Q Cluster %s starting.", self.name)
        while self.start_event and not self.start_event.is_set():
            if not self.sentinel.is_alive():
                if self.sentinel.exitcode == 0:
                    break
                raise RuntimeError(f"Q Cluster {self.name} failed to start: see the error above")
            sleep(0.1)
        return int(self.pid)

    def _start_sentinel(self, previous: uuid.UUID | None) -> None:
        self.start_event = Flag()
        self._turned: Any = RawValue("d", monotonic())
        options = {"broker": self.broker, "timeout": self.timeout}
        self.sentinel = get_mp_context().Process(
            target=Sentinel,
            name=f"Process-{uuid.uuid4().hex}",
            args=(self.stop_event, self.start_event, self.cluster_id),
            kwargs={**options, "turned": self._turned, "previous": previous},
        )
        self.sentinel.start()

    def keep_up(self) -> bool:
        """Until a stop is asked for, see to it that there is a sentinel. False when none stays alive."""
        deaths: deque[float] = deque(maxlen=DEATHS)
        looked_at = since = monotonic()
        while True:
            self.sentinel.join(_LOOK_EVERY)
            if self._is_stop_asked:
                return True
            now = monotonic()
            if now - looked_at > _PAUSE:
                since = now  # this process did not go on, either
            looked_at = now
            if not self.sentinel.is_alive():
                deaths.append(now)
                logger.critical(
                    "The sentinel of Q Cluster %s has died (%s)", self.name, self.sentinel.exitcode
                )
                if len(deaths) == DEATHS and now - deaths[0] < DEATHS_WITHIN:
                    logger.critical("It died %d times within a minute; this cluster ends", DEATHS)
                    return False
                sleep(min(len(deaths) - 1, 5))
                if not self._replace_sentinel():
                    return True
                since = monotonic()
            elif now - max(self._turned.value, since) > STUCK_AFTER:
                logger.critical("The sentinel of Q Cluster %s does not go on, and is killed", self.name)
                self.sentinel.kill()

    def _replace_sentinel(self) -> bool:
        """Start another, as soon as the system allows; False when a stop is asked for."""
        previous = self.cluster_id if CHILDREN_DIE_TOO else None
        self.cluster_id = uuid.uuid4()
        forks = Forks()
        while not self._is_stop_asked:
            try:
                self._start_sentinel(previous)
            except (OSError, MemoryError) as error:
                forks.failed("another sentinel", error)
                sleep(PAUSE)
            else:
                forks.succeeded()
                return True
        return False

    def stop(self) -> bool:
        """Stop the sentinel, and with it all; kill it when it waits for a database that does not answer."""
        self._is_stop_asked = True
        self.stop_event.set()
        if not self.sentinel.is_alive():
            return False
        logger.info("Q Cluster %s stopping.", self.name)
        self.sentinel.join(conf.stop_timeout().total_seconds() + LAST_STEPS)
        if self.sentinel.is_alive():
            logger.error("The sentinel did not stop in time; the jobs go to other clusters")
            self.sentinel.kill()
            self.sentinel.join()
        logger.info("Q Cluster %s has stopped.", self.name)
        self.start_event = None
        return True
