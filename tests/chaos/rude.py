"""An app that raises whenever django-q2 tells it something."""

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
