"""Fills the site, and refills what was used up; running it again changes nothing else."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING

from booru.models import Post, TagAlias
from booru.seeds.community import seed_forum, seed_requests, seed_wiki
from booru.seeds.drawing import TagDrawing
from booru.seeds.old_names import WAITING, not_yet_aliased, retire_oldest, with_posts
from booru.seeds.people import seed_people
from booru.seeds.posts import add_posts
from booru.services.tags.tag_counts import regenerate_post_counts
from booru.services.tags.tag_import import TagImport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from booru.models import User
    from booru.seeds.tag_source import OldName, TagSource

# Pairs that a request can be made of after each run, besides those that wait on the site.
READY = 6
_POSTS_EACH = 8


class Seeding:
    """One run over a tag source. Tells what it does, a line a step."""

    def __init__(self, source: TagSource, tell: Callable[[str], object]) -> None:
        self.source = source
        self.tell = tell

    def run(self, posts: int) -> None:
        """posts: how many there shall be at least."""
        people = seed_people()
        self.tell(f"People: {len(people)}, one of each level and a second member")
        self._import_tags()
        uploaders = [user for user in people.values() if not user.is_restricted]
        missing = max(posts - Post.objects.count(), 0)
        if missing:
            drawn = self._drawing(not_yet_aliased(self.source.old_names)).posts(self._random(), missing)
            add_posts(drawn, missing, uploaders, self._random())
        regenerate_post_counts()
        self._refill(uploaders)
        self.tell(f"Posts: {missing:,} made, {Post.objects.count():,} in all")
        seed_wiki()
        seed_forum(people)
        seed_requests(people, with_posts(not_yet_aliased(self.source.old_names[:WAITING])))
        self.tell("Wiki pages, forum topics and bulk update requests: ready")

    def ready(self) -> list[OldName]:
        """Pairs with posts under the old name and no alias yet; not those of the requests that wait."""
        return with_posts(not_yet_aliased(self.source.old_names[WAITING:]))

    def _import_tags(self) -> None:
        kept_back = [pair.old for pair in self.source.old_names]
        result = TagImport(without_aliases=kept_back).run(self.source.lines)
        new = f"{result.tags_made:,} of them new; {result.aliases_made:,} new aliases"
        self.tell(f"Tags: {result.tags:,}, {new}")

    def _refill(self, uploaders: Sequence[User]) -> None:
        """See to it that some old names are on posts and have no alias yet."""
        pairs = self.source.old_names[WAITING:]
        if len(self.ready()) >= min(READY, len(pairs)):
            return
        if len(not_yet_aliased(pairs)) < READY:
            retire_oldest(pairs, READY)
        wanted = not_yet_aliased(pairs)[:READY]
        number = len(wanted) * _POSTS_EACH
        add_posts(self._under_old_names(wanted, number), number, uploaders, self._random())
        regenerate_post_counts()

    def _under_old_names(self, pairs: Sequence[OldName], number: int) -> Iterator[frozenset[str]]:
        drawn = self._drawing([]).posts(self._random(), number)
        for tags, pair in zip(drawn, cycle(pairs), strict=False):
            yield tags - {pair.new} | {pair.old}

    def _drawing(self, pairs: Sequence[OldName]) -> TagDrawing:
        return TagDrawing(self.source.tags, {pair.new: pair.old for pair in pairs}, self._aliases())

    def _aliases(self) -> Mapping[str, str]:
        return TagAlias.objects.targets([tag.name for tag in self.source.tags])

    def _random(self) -> Random:
        """The same posts for the same tags on an empty site, others on a later run."""
        return Random(Post.objects.count())  # noqa: S311 - for show
