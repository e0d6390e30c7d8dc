"""Makes posts by the ten thousand, as if each had been uploaded."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from booru.models import Post, User
from booru.models.tags.tag import TagCategory
from booru.posts.editing.tag_facts import categories_of
from jobs.engine.insight.long_work import long_work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

_CATEGORIES = tuple(TagCategory)
_BATCH = 10_000
_PAST = timedelta(days=700)
_RATINGS = {Post.Rating.GENERAL: 70, Post.Rating.SENSITIVE: 30}
_NEXT_IDS = "SELECT nextval(pg_get_serial_sequence('posts', 'id')) FROM generate_series(1, %s)"
_POSTS = f"""
    COPY posts (
        id, created_at, updated_at, uploader_id, tag_string, rating, score, fav_count,
        up_score, down_score, image_width, image_height, file_size, file_ext,
        source, is_pending, is_flagged, is_deleted, is_banned,
        tag_count, {", ".join(f"tag_count_{category.word}" for category in _CATEGORIES)}
    ) FROM STDIN
"""
_VERSIONS = """
    COPY post_versions (
        post_id, version, updater_id, tags, added_tags, removed_tags, rating, source, created_at, updated_at
    ) FROM STDIN
"""


def add_posts(
    tag_sets: Iterable[frozenset[str]], number: int, uploaders: Sequence[User], random: Random
) -> None:
    """Make `number` posts, each with its first version, uploaded one after the other until now.

    The posts' own counts are right afterwards, those of the tags are not: count them anew.
    """
    tags = iter(tag_sets)
    times = iter(_upload_times(number))
    with long_work("Posts", number, "posts") as done:
        while batch := list(islice(tags, _BATCH)):
            _add_batch(batch, list(islice(times, len(batch))), uploaders, random)
            done(len(batch))


@transaction.atomic
def _add_batch(
    tag_sets: Sequence[frozenset[str]], times: Sequence[datetime], uploaders: Sequence[User], random: Random
) -> None:
    categories = categories_of(frozenset().union(*tag_sets), User.objects.system())
    chosen = random.choices(uploaders, k=len(tag_sets))
    ratings = random.choices(list(_RATINGS), weights=list(_RATINGS.values()), k=len(tag_sets))
    strings = [sorted(tags) for tags in tag_sets]
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_IDS, [len(tag_sets)])
        ids = [post_id for (post_id,) in cursor.fetchall()]
        rows = list(zip(ids, times, chosen, strings, ratings, strict=True))
        with cursor.copy(_POSTS) as copy:
            for post_id, time, uploader, names, rating in rows:
                score = int(random.expovariate(1 / 12))
                record = (post_id, time, time, uploader.pk, " ".join(names), rating.value, score, score * 2)
                no_file = (0, 0, 0, "")
                flags = (False, False, False, False)
                counts = _counts(names, categories)
                copy.write_row((*record, score, 0, *no_file, "", *flags, *counts))
        with cursor.copy(_VERSIONS) as copy:
            for post_id, time, uploader, names, rating in rows:
                copy.write_row(
                    (post_id, 1, uploader.pk, " ".join(names), names, [], rating.value, "", time, time)
                )
    for user_id, uploads in sorted(Counter(user.pk for user in chosen).items()):
        User.objects.filter(pk=user_id).update(post_update_count=F("post_update_count") + uploads)


def _counts(names: Sequence[str], categories: Mapping[str, int]) -> Iterator[int]:
    counts = Counter(map(categories.__getitem__, names))
    yield len(names)
    for category in _CATEGORIES:
        yield counts[category]


def _upload_times(number: int) -> Iterator[datetime]:
    """Even steps from the newest post, or from two years ago, to now."""
    now = timezone.now()
    latest = Post.objects.aggregate(latest=Max("created_at"))["latest"]
    start = max(filter(None, [latest, now - _PAST]))
    step = max(now - start, timedelta()) / (number + 1)
    for place in range(1, number + 1):
        yield start + place * step
