"""manage.py demo: runs the site and shows its main job from end to end."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from booru.demo.addresses import show_addresses
from booru.demo.errors import CannotStart, StepFailed
from booru.demo.inbox import running_inbox
from booru.demo.servers import listen, running_servers, wait_for_other_workers
from booru.demo.stage import Stage
from booru.demo.story import tell
from booru.demo.terminal import Terminal
from booru.management.commands.seed import read_tag_source
from booru.seeds.seeding import Seeding
from booru.seeds.tag_source import SAMPLE
from jobs.engine.insight.long_work import shown_for

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from booru.seeds.tag_source import OldName

# Lines in the request that the story is about.
_ALIASES = 4


class Command(BaseCommand):
    help = (
        "Seed the site, start it with its workers and a mail inbox, and show its main job: a dmail becomes "
        "an email, an approved bulk update request changes posts, and /jobs shows both. Runs until Ctrl-C."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="end after the story: 0 if all of it was seen to work"
        )
        parser.add_argument("--port", type=int, default=8000, help="of the site (8000)")
        parser.add_argument(
            "--tags", type=Path, default=SAMPLE, metavar="FILE", help="tags as for import_tags"
        )
        parser.add_argument(
            "--posts", type=int, default=2000, metavar="N", help="how many posts to make (2000)"
        )
        parser.add_argument("--quiet", action="store_true", help="do not show how far the seeding is")

    def handle(self, *, once: bool, port: int, tags: Path, posts: int, **options: Any) -> None:
        # Ctrl-C works even where a shell started this in the background.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, _leave)
        if posts < 0:
            raise CommandError("--posts must be 0 or more")
        try:
            with shown_for(options, self.stderr):
                missing = self._run(once=once, port=port, tags=tags, posts=posts)
        except CannotStart as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            sys.exit(128 + signal.SIGINT)
        if missing:
            raise CommandError("Not everything was seen to work:\n  " + "\n  ".join(missing))

    def _run(self, *, once: bool, port: int, tags: Path, posts: int) -> list[str]:
        """What was not seen to work. The seeds come before any thread or child."""
        terminal = Terminal()
        with ExitStack() as stack:
            listener = stack.enter_context(listen(port))
            site = f"http://localhost:{listener.getsockname()[1]}"
            pairs = self._seed(tags, posts, terminal)
            inbox = stack.enter_context(running_inbox(site))
            environment = {
                "DANBOORU_CANONICAL_URL": site,
                "DANBOORU_HTTPS": "false",
                # Somebody who tries things out logs in and out all the time.
                "DANBOORU_RATE_LIMITS": "false",
                "DANBOORU_MAIL_DELIVERY_URL": inbox.delivery_url,
                # Every email ends in the inbox, whether its address exists or not.
                "DANBOORU_CHECK_EMAIL_DOMAINS": "false",
                "JOBS_WORKERS": "2",
            }
            servers = stack.enter_context(running_servers(settings.BASE_DIR, environment, listener))
            missing = tell(Stage(site, inbox, servers, terminal), pairs)
            if missing:
                terminal.detail(f"The servers' logs are in {servers.logs}")
            if not once:
                show_addresses(terminal, site, inbox.url)
                _stay(servers.check, terminal)
        return missing

    def _seed(self, tags: Path, posts: int, terminal: Terminal) -> list[OldName]:
        """The aliases for the story."""
        source = read_tag_source(Path(os.environ.get("DEMO_CALLED_FROM", ""), tags))
        terminal.title("The site is filled")
        seeding = Seeding(source, terminal.seen)
        try:
            wait_for_other_workers()
            seeding.run(posts)
        except ProgrammingError as error:
            raise CannotStart(
                "The database has no tables yet: run manage.py migrate, or start bin/demo"
            ) from error
        return seeding.ready()[:_ALIASES]


def _stay(check: Callable[[], None], terminal: Terminal) -> None:
    """Until Ctrl-C, or until a server is gone."""
    try:
        while True:
            check()
            time.sleep(0.5)
    except KeyboardInterrupt:
        terminal.title("Stopping")
    except StepFailed as error:
        raise CannotStart(f"Stopping, because {error}") from error


def _leave(number: int, _frame: FrameType | None) -> None:
    """Leave the orderly way, stopping what was started."""
    sys.exit(128 + number)
