"""Retires aliases and implications that are of no use any more (behaviour J.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from booru.models import ForumPost, ForumTopic, Tag, TagAlias, TagImplication, User
from booru.models.tag_relationships.tag_relationship import lock_tag_relationships
from booru.models.tags.tag import TagCategory

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

TOPIC_TITLE = "Retired tag aliases & implications"
TOPIC_BODY = (
    "This topic deals with tag relationships created two or more years ago that have not been used since. "
    "They will be retired. This topic will be updated as an automated system retires expired relationships."
)
# Of so many even the longest names fit into one forum post.
LINES_A_POST = 500

_USED = """
    SELECT DISTINCT name FROM posts, unnest(string_to_array(tag_string, ' ')) AS name
    WHERE posts.created_at >= %s AND name = ANY(%s::text[])
"""


def retire_tag_relationships() -> list[TagAlias | TagImplication]:
    """Set them retired and list them in a forum topic, both or neither; returns them.

    Finding them takes long on a big site and holds up nobody.
    """
    aliases, implications = _useless_aliases(), _useless_implications()
    with transaction.atomic():
        lock_tag_relationships()
        retired: list[TagAlias | TagImplication] = [
            *TagAlias.objects.active().filter(pk__in=aliases).select_for_update(no_key=True),
            *TagImplication.objects.active().filter(pk__in=implications).select_for_update(no_key=True),
        ]
        for relationship in retired:
            relationship.retire()
        _announce(sorted(_line(relationship) for relationship in retired))
    return retired


def _useless_aliases() -> set[int]:
    since = two_years_before(timezone.now())
    active = TagAlias.objects.active()
    old = active.filter(created_at__lt=since)
    to_empty = active.filter(consequent_name__in=_names(post_count__lte=0))
    to_artist = old.filter(consequent_name__in=_names(category=TagCategory.ARTIST))
    to_general = old.filter(consequent_name__in=_names(category=TagCategory.GENERAL))
    targets = dict(to_general.values_list("pk", "consequent_name"))
    used = _used_since(since, set(targets.values()))
    unused = {pk for pk, target in targets.items() if target not in used}
    return unused | {alias.pk for alias in [*to_empty, *to_artist]}


def _useless_implications() -> set[int]:
    empty = TagImplication.objects.active().filter(antecedent_name__in=_names(post_count__lte=0))
    return {implication.pk for implication in empty}


def _names(**what: int) -> QuerySet[Tag, str]:
    return Tag.objects.filter(**what).values_list("name", flat=True)


def _used_since(since: datetime, names: Collection[str]) -> set[str]:
    """Those of the tags that a post of this time or later has; one pass over the posts for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, [since, list(names)])
        return {name for (name,) in cursor.fetchall()}


def _announce(lines: Sequence[str]) -> None:
    system = User.objects.system()
    topic = ForumTopic.objects.filter(title=TOPIC_TITLE).order_by("id").first()
    if topic is None:
        topic = ForumTopic.objects.open(system, TOPIC_TITLE, ForumTopic.Category.TAGS)
        ForumPost.objects.create_reply(topic, system, TOPIC_BODY)
    for start in range(0, len(lines), LINES_A_POST):
        ForumPost.objects.create_reply(topic, system, "\n".join(lines[start : start + LINES_A_POST]))


def _line(relationship: TagAlias | TagImplication) -> str:
    pair = f"[[{relationship.antecedent_name}]] -> [[{relationship.consequent_name}]]"
    return f"The {relationship._meta.verbose_name} {pair} has been retired."


def two_years_before(now: datetime) -> datetime:
    """The same day two years ago; for 29 February, the 28th."""
    leap_day = (now.month, now.day) == (2, 29)
    return now.replace(year=now.year - 2, day=28 if leap_day else now.day)
