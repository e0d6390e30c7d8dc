#!/usr/bin/env python
"""Run Django's commands for this project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "booru.settings")
    # Workers and commands, where the web site has a pool in between.
    if url := os.environ.get("DIRECT_DATABASE_URL"):
        os.environ["DATABASE_URL"] = url
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from booru.embedded_postgres.starting import ensure_started_for

    try:
        # What is wrong with them is for people: one line, not a traceback.
        settings.INSTALLED_APPS  # noqa: B018 -- reads them
    except ImproperlyConfigured as error:
        sys.exit(f"{sys.argv[0]}: {error}")
    ensure_started_for(sys.argv)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
