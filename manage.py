#!/usr/bin/env python
"""Run Django's commands for this project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "booru.settings")
    from django.core.management import execute_from_command_line

    from booru.database.embedded import ensure_started_for

    ensure_started_for(sys.argv)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
