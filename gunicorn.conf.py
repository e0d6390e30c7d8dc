"""Read by gunicorn when it is started in this folder."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jobs.engine.requests.address_checks import address_problems

# What is secret, a setting may say.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "booru.settings")

try:
    # Here, so that one line says what is wrong with them; a worker would die of it again and again.
    settings.INSTALLED_APPS  # noqa: B018 -- reads them
except ImproperlyConfigured as error:
    sys.exit(f"gunicorn: {error}")

# A page that waits for the database, or for a client, leaves the others to other threads. WEB_CONCURRENCY and
# gunicorn's own options change it; each thread may hold a connection to the database.
workers = int(os.environ.get("WEB_CONCURRENCY", min(max(os.cpu_count() or 1, 2), 4)))
threads = 16

logger_class = "booru.web.http.server_log.SafeLogger"


def when_ready(server: Any) -> None:
    """Gunicorn runs none of Django's checks, and only it knows where it listens."""
    for problem in address_problems(str(listener) for listener in server.LISTENERS):
        server.log.warning("%s %s", problem.msg, problem.hint)
