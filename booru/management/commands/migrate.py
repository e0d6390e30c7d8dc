"""manage.py migrate, which also shows that a migration goes on that takes long."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate

from jobs.engine.insight.long_work import add_quiet, is_quiet, long_work, shown_for


class Command(migrate.Command):
    help = migrate.Command.help

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add_quiet(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        options["verbosity"] = 0 if is_quiet(options) else options["verbosity"]
        with shown_for(options, self.stderr), ExitStack() as self._running:
            super().handle(*args, **options)

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        """Called by Django before and after each."""
        self._running.close()
        if action in {"apply_start", "unapply_start"}:
            self._running.enter_context(long_work(str(migration)))
        super().migration_progress_callback(action, migration, fake)
