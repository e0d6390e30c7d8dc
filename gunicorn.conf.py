"""Read by gunicorn when it is started in this folder."""

import os
from typing import Any

from jobs.engine.address_checks import address_problems

# What is secret, a setting may say.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "booru.settings")

logger_class = "booru.web_server_log.SafeLogger"


def when_ready(server: Any) -> None:
    """Gunicorn runs none of Django's checks, and only it knows where it listens."""
    for problem in address_problems(str(listener) for listener in server.LISTENERS):
        server.log.warning("%s %s", problem.msg, problem.hint)
