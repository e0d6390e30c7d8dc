"""Fills a site of its own with posts whose tags are as frequent as they are on the real one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from django.db import connection

from benchmarks.bulk_updates.cases import COMMON, EVERY_CASE, SHARE
from booru.models import Level, TagImplication, User, WikiPage
from booru.models.tags.tag import TagCategory
from booru.posts.editing.derived_tags import DerivedTags
from booru.seeds.drawing import TagDrawing
from booru.seeds.posts import add_posts
from booru.seeds.tag_source import TagSource
from booru.services.tags.tag_counts import regenerate_post_counts
from booru.services.tags.tag_file import TagLine
from booru.services.tags.tag_import import TagImport

_UPLOADERS = 20
_STAND_IN_TAGS = 50_000
_MOST_USED = 6_000_000
# Every fifth is a name.
_STAND_IN_CATEGORIES = (
    *(TagCategory.GENERAL,) * 16,
    TagCategory.ARTIST,
    TagCategory.COPYRIGHT,
    TagCategory.CHARACTER,
    TagCategory.META,
)
_GIN_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = 'posts' AND schemaname = current_schema AND indexdef LIKE '%USING gin%'
"""


def fill(posts: int, seed: int, tag_file: Path | None) -> None:
    """Make tags, aliases, implications and this many posts, each with its first version."""
    random = Random(seed)
    people = [User.objects.create_user(f"uploader{number}") for number in range(_UPLOADERS)]
    User.objects.filter(pk=User.objects.system().pk).update(level=Level.ADMIN)
    source = TagSource.read(tag_file) if tag_file else TagSource(list(_stand_in()))
    subjects = [TagLine(0, name, TagCategory.GENERAL, 0) for names in _subjects() for name in names]
    TagImport().run([*source.lines, *subjects])
    _make_implications(source, people[0])
    WikiPage.objects.create(title="bench_implication", body="A rule for implications.")
    with _without_gin_indexes():
        add_posts(_tag_sets(source, random, posts), posts, people, random)
    regenerate_post_counts()


def _stand_in() -> Iterator[TagLine]:
    """Tags whose use falls off as on the real site, by Zipf's law."""
    yield TagLine(1, COMMON, TagCategory.GENERAL, _MOST_USED)
    for rank in range(2, _STAND_IN_TAGS):
        category = _STAND_IN_CATEGORIES[rank % len(_STAND_IN_CATEGORIES)]
        yield TagLine(rank, f"tag_{rank}", category, int(_MOST_USED / rank**0.85))


def _make_implications(source: TagSource, creator: User) -> None:
    """From `character_(copyright)` to `copyright`: thousands, as on the real site."""
    copyrights = {tag.name for tag in source.tags if tag.category == TagCategory.COPYRIGHT}
    pairs = [
        (tag.name, series)
        for tag in source.tags
        if tag.category == TagCategory.CHARACTER
        and (series := tag.name.rpartition("_(")[2].removesuffix(")")) in copyrights
    ]
    TagImplication.objects.bulk_create(
        TagImplication(antecedent_name=antecedent, consequent_name=consequent, creator=creator)
        for antecedent, consequent in pairs
    )


def _tag_sets(source: TagSource, random: Random, posts: int) -> Iterator[frozenset[str]]:
    derived = DerivedTags.of(tag.name for tag in source.tags)
    subjects = _subjects()
    for drawn in TagDrawing(source.tags, {}, {}).posts(random, posts):
        chosen = [names for names in subjects if random.random() < SHARE]
        yield derived.add_to(drawn.union(*chosen))


def _subjects() -> list[tuple[str, str]]:
    return [(case.subject, case.twin) for case in EVERY_CASE]


@contextmanager
def _without_gin_indexes() -> Iterator[None]:
    """Made afterwards, they take a third of the time."""
    with connection.cursor() as cursor:
        cursor.execute(_GIN_INDEXES)
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
