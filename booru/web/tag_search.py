"""Search of tags and of their versions (behaviour C)."""

from __future__ import annotations

from django.db.models import Q

from booru.models import Artist, Tag, TagAlias, TagVersion, User, WikiPage
from booru.models.tag import TagCategory
from booru.search_conditions import NOTHING
from booru.tag_names import normalize_tag_name
from booru.text import truth_value
from booru.web.lists.search import Search
from booru.web.lists.search_fields import (
    array,
    belongs_to,
    booleans,
    dates,
    enumeration,
    exists_by_name,
    numbers,
    related,
    strings,
    texts,
    users,
)
from booru.web.lists.user_search import USER_SEARCH


def tag_pattern(text: str) -> str:
    """What is typed of a name, with the underscores that names have."""
    return "_".join(text.lower().split())


def _name_matches(text: str) -> Q:
    return Q(name__matches=tag_pattern(text))


def _name_normalize(text: str) -> Q:
    return Q(name__in=[normalize_tag_name(name) for name in text.split(",")])


def _name_or_alias_matches(text: str) -> Q:
    aliases = TagAlias.objects.active().filter(antecedent_name__matches=tag_pattern(text))
    return _name_matches(text) | Q(name__in=aliases.order_by().values("consequent_name"))


def _is_empty(text: str) -> Q:
    value = truth_value(text)
    if value is None:
        return NOTHING
    return Q(post_count__lte=0) if value else Q(post_count__gt=0)


def _hide_empty(text: str) -> Q:
    value = truth_value(text)
    if value is None:
        return NOTHING
    return Q(post_count__gt=0) if value else Q()


WIKI_PAGES = WikiPage.objects.filter(is_deleted=False)
ARTISTS = Artist.objects.filter(is_deleted=False)
WIKI_PAGE_SEARCH = Search[WikiPage](
    numbers("id"),
    dates("created_at", "updated_at"),
    texts("title", "body"),
    array("other_names", "other_name"),
    booleans("is_locked", "is_deleted"),
)

TAG_SEARCH = Search[Tag](
    numbers("id", "post_count"),
    dates("created_at", "updated_at"),
    strings("name"),
    booleans("is_deprecated"),
    enumeration("category", TagCategory),
    array("words", "word"),
    exists_by_name("wiki_page", "name", WIKI_PAGES, "title"),
    exists_by_name("artist", "name", ARTISTS, "name"),
    {
        "name_matches": _name_matches,
        "name_normalize": _name_normalize,
        "name_or_alias_matches": _name_or_alias_matches,
        "is_empty": _is_empty,
        "hide_empty": _hide_empty,
    },
    related={"wiki_page": related("name", WIKI_PAGE_SEARCH, WIKI_PAGES, "title")},
    orders={"count": ("-post_count", "name"), "name": ("name",), "date": ("-pk",)},
)

TAG_VERSION_SEARCH = Search[TagVersion](
    numbers("id", "version"),
    dates("created_at", "updated_at"),
    strings("name"),
    booleans("is_deprecated"),
    enumeration("category", TagCategory),
    belongs_to("tag", "bulk_update_request"),
    users("updater"),
    {"name_matches": _name_matches},
    related={
        "tag": related("tag", TAG_SEARCH, Tag.objects.all()),
        "updater": related("updater", USER_SEARCH, User.objects.all()),
    },
)
