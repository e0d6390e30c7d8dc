"""manage.py import_tags: takes over tags and their aliases from a file."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from booru.services.tags.tag_file import read_tags
from booru.services.tags.tag_import import ImportResult, TagImport
from jobs.engine.insight.long_work import add_quiet, is_quiet, shown_for

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

_SHOWN = 50


class Command(BaseCommand):
    help = (
        'Import tags from a UTF-8 file with a line `name,category,post_count,"alias,alias"` for each. A tag '
        "that is there already is updated. Bad lines are reported and left out. Names are those of existing "
        "tags, so they need not obey every rule for new ones: only what could not be searched for is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file; - for the standard input")
        parser.add_argument(
            "--counts",
            choices=["real", "file"],
            default="real",
            help="real (the default): a tag's post_count is the number of posts on this site, 0 for a new "
            "tag. "
            "file: it is the file's number, until the tags' posts are counted again (which seed does)",
        )
        add_quiet(parser)

    def handle(self, *, file: str, counts: str, **options: Any) -> None:
        try:
            with _opened(file) as lines, shown_for(options, self.stderr):
                result = TagImport(keep_counts=counts == "file").run(read_tags(lines))
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not UTF-8 text: {error.reason}") from error
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        self._report(result, is_quiet=is_quiet(options))
        if result.problems and not result.tags:
            raise CommandError(f"No line of {file} is a tag")

    def _report(self, result: ImportResult, *, is_quiet: bool) -> None:
        for problem in result.problems[:_SHOWN]:
            self.stderr.write(str(problem))
        if len(result.problems) > _SHOWN:
            self.stderr.write(f"... and {len(result.problems) - _SHOWN:,} more like these")
        if is_quiet:
            return
        unchanged = result.tags - result.tags_made - result.tags_updated
        self.stdout.write(
            f"Tags: {result.tags_made:,} made, {result.tags_updated:,} updated, {unchanged:,} unchanged, "
            f"{result.repeated:,} repeated"
        )
        self.stdout.write(
            f"Aliases: {result.aliases_made:,} made, {result.aliases_known:,} known, "
            f"{result.aliases_refused:,} in conflict"
        )
        bad = len(result.problems) - result.aliases_refused
        self.stdout.write(f"Bad lines: {bad:,}")


@contextmanager
def _opened(file: str) -> Iterator[Iterator[str]]:
    if file == "-":
        # The terminal's encoding does not matter: the format is UTF-8.
        yield (
            line.decode("utf-8" if number else "utf-8-sig") for number, line in enumerate(sys.stdin.buffer)
        )
        return
    with Path(file).open(encoding="utf-8-sig", newline="\n") as lines:
        yield lines
