"""Apps that raise: when django-q2 tells them something, or when something is logged; and one in a hurry."""

import errno
import logging
import os
from pathlib import Path
from typing import Any

from django.apps import AppConfig


class RudeApp(AppConfig):
    name = "tests.chaos"
    label = "rude"

    def ready(self) -> None:
        from django_q import signals

        for signal in (signals.post_spawn, signals.pre_execute, signals.post_execute_in_worker):
            signal.connect(refuse)


def refuse(sender: object, **values: Any) -> None:
    raise RuntimeError("not me")


class MuteApp(AppConfig):
    name = "tests.chaos"
    label = "mute"

    def ready(self) -> None:
        for name in ("jobs", "django-q"):
            logging.getLogger(name).addHandler(FullDisk())


class FullDisk(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        raise OSError(28, "No space left on device")


class HurriedApp(AppConfig):
    """The master waits seconds, not a minute, for a sentinel that does not go on."""

    name = "tests.chaos"
    label = "hurried"

    def ready(self) -> None:
        from jobs.engine.cluster import master

        master.STUCK_AFTER = 4.0
        master.DEATHS_WITHIN = 600.0


class CrowdedApp(AppConfig):
    """While the file CHAOS_CROWD is there, the system has no room for another process."""

    name = "tests.chaos"
    label = "crowded"

    def ready(self) -> None:
        fork, sign = os.fork, Path(os.environ["CHAOS_CROWD"])

        def refuse() -> int:
            if sign.exists():
                raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
            return fork()

        os.fork = refuse


class ImpatientApp(HurriedApp):
    """So do the workers, for a database that does not answer."""

    label = "impatient"

    def ready(self) -> None:
        from jobs.engine.faults import unanswered

        super().ready()
        unanswered.ANSWER_WITHIN = 3.0
