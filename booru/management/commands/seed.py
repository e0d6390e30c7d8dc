"""manage.py seed: fills the site with people, tags, posts and requests to try it with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from booru.seeds.seeding import Seeding
from booru.seeds.tag_source import SAMPLE, TagSource
from booru.visitors.reach import SEED_PASSWORD, is_for_others
from jobs.engine.insight.long_work import add_quiet, is_quiet, shown_for

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable


class Command(BaseCommand):
    help = (
        "Fill the site with people of every level, tags, posts drawn from the tags' frequencies, wiki pages, "
        "forum topics and bulk update requests. What is there stays; run again, it adds what is missing, "
        "puts the people back to their levels, and counts the posts of every tag again. Some of the file's "
        "aliases are not made: posts carry those names, so that bulk update requests have something to do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tags", type=Path, default=SAMPLE, metavar="FILE", help="as for import_tags")
        parser.add_argument("--posts", type=int, default=2000, metavar="N", help="how many to make (2000)")
        parser.add_argument(
            "--force",
            action="store_true",
            help="even where other machines can reach the site",
        )
        add_quiet(parser)

    def handle(self, *, tags: Path, posts: int, force: bool, **options: Any) -> None:
        if is_for_others() and not force:
            raise CommandError(
                "This site can be reached from other machines, and seed makes accounts, an owner's too, with "
                f"the password '{SEED_PASSWORD}', with which nobody logs in there. "
                "Use --force if you want them."
            )
        if posts < 0:
            raise CommandError("--posts must be 0 or more")
        tell: Callable[[str], object] = _say_nothing if is_quiet(options) else self.stdout.write
        with shown_for(options, self.stderr):
            Seeding(read_tag_source(tags), tell).run(posts)


def _say_nothing(_text: str) -> None:
    pass


def read_tag_source(path: Path) -> TagSource:
    """Raises CommandError when there is no tag in the file or it cannot be read."""
    try:
        source = TagSource.read(path)
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text: {error.reason}") from error
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
    if not source.tags:
        raise CommandError(f'{path} has no tags; its lines must be like: highres,5,100,"hires,high_res"')
    return source
