"""The engine's log: whatever its handlers do, they break no worker and lose no record of a job."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

_Adapter = logging.LoggerAdapter[logging.Logger]


class EngineLog(_Adapter):
    """A logger that never raises: a handler may, when its disk is full or its stream closed."""

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        kwargs.setdefault("stacklevel", 2)
        with suppress(Exception):
            super().log(level, msg, *args, **kwargs)


logger = EngineLog(logging.getLogger("jobs"), {})


def safe(other: logging.Logger) -> EngineLog:
    """Another logger, made as safe."""
    return EngineLog(other, {})


# Of the processes, as django-q2 names it.
pool_logger = safe(logging.getLogger("django-q"))
