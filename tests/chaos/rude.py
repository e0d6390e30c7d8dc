"""Apps that raise: one whenever django-q2 tells it something, one whenever something is logged."""

import logging
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
