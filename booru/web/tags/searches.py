"""Search of tags, of their versions, aliases and implications."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from booru.models import Artist, Tag, TagAlias, TagImplication, TagVersion, User, WikiPage
from booru.models.tag_relationships.implication_tree import ids_implied_from, ids_implied_to
from booru.models.tag_relationships.tag_relationship import TagRelationship
from booru.models.tags.tag import TagCategory
from booru.rules.tag_names import normalize_tag_name
from booru.rules.truth_values import truth_value
from booru.search.conditions import NOTHING, one_of
from booru.search.values import integer_span
from booru.web.forum.searches import FORUM_POST_SEARCH, FORUM_TOPIC_SEARCH, PUBLIC_POSTS, PUBLIC_TOPICS
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import QuerySet
    from django.db.models.expressions import RawSQL

    from booru.web.lists.search_fields import Conditions


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

RelationshipT = TypeVar("RelationshipT", bound=TagRelationship)

ORDERS = ("created_at", "updated_at", "name", "antecedent_tag_count", "consequent_tag_count")


def search_tag_relationships(
    records: QuerySet[RelationshipT], params: Mapping[str, str]
) -> QuerySet[RelationshipT]:
    """The aliases or implications that fit every parameter."""
    search = _IMPLICATION_SEARCH if records.model is TagImplication else _SEARCH
    counts = {f"{side}_tag_count": _post_count(f"{side}_name") for side in ("antecedent", "consequent")}
    found = search.find(records.alias(**counts), params)
    return found.select_related("creator", "approver", "forum_topic")  # type: ignore[return-value]


def _post_count(name: str) -> Coalesce:
    return Coalesce(Subquery(Tag.objects.filter(name=OuterRef(name)).values("post_count")), 0)


def _matches(name: str, text: str) -> Q:
    return Q(**{f"{name}__matches": tag_pattern(text)})


def _either_name_matches(text: str) -> Q:
    return _matches("antecedent_name", text) | _matches("consequent_name", text)


def _category(text: str) -> Q:
    """Category numbers of the consequent tag, with spaces between."""
    spans = [integer_span(number) for number in text.split()]
    tags = Tag.objects.filter(one_of("category", [span.first if span else None for span in spans]))
    return Q(consequent_name__in=tags.order_by().values("name"))


def _implied(ids: Callable[[Iterable[str]], RawSQL], text: str) -> Q:
    return Q(pk__in=ids([normalize_tag_name(name) for name in text.split()]))


_CONDITIONS: tuple[Conditions, ...] = (
    numbers("id"),
    dates("created_at", "updated_at"),
    strings("antecedent_name", "consequent_name"),
    texts("reason"),
    enumeration("status", TagRelationship.Status),
    users("creator", "approver"),
    belongs_to("forum_topic", "forum_post"),
    exists_by_name("antecedent_tag", "antecedent_name", Tag.objects.all(), "name"),
    exists_by_name("consequent_tag", "consequent_name", Tag.objects.all(), "name"),
    exists_by_name("antecedent_wiki", "antecedent_name", WIKI_PAGES, "title"),
    exists_by_name("consequent_wiki", "consequent_name", WIKI_PAGES, "title"),
    {
        "name_matches": _either_name_matches,
        "antecedent_name_matches": partial(_matches, "antecedent_name"),
        "consequent_name_matches": partial(_matches, "consequent_name"),
        "category": _category,
    },
)
_RELATED = {
    "creator": related("creator", USER_SEARCH, User.objects.all()),
    "approver": related("approver", USER_SEARCH, User.objects.all()),
    "forum_topic": related("forum_topic", FORUM_TOPIC_SEARCH, PUBLIC_TOPICS),
    "forum_post": related("forum_post", FORUM_POST_SEARCH, PUBLIC_POSTS),
    "antecedent_tag": related("antecedent_name", TAG_SEARCH, Tag.objects.all(), "name"),
    "consequent_tag": related("consequent_name", TAG_SEARCH, Tag.objects.all(), "name"),
    "antecedent_wiki": related("antecedent_name", WIKI_PAGE_SEARCH, WIKI_PAGES, "title"),
    "consequent_wiki": related("consequent_name", WIKI_PAGE_SEARCH, WIKI_PAGES, "title"),
}
_ORDERS = {
    "created_at": ("-created_at", "-pk"),
    "updated_at": ("-updated_at", "-pk"),
    "name": ("antecedent_name", "consequent_name", "-pk"),
    "antecedent_tag_count": ("-antecedent_tag_count", "-pk"),
    "consequent_tag_count": ("-consequent_tag_count", "-pk"),
}
_SEARCH = Search[TagRelationship](*_CONDITIONS, orders=_ORDERS, related=_RELATED)
_IMPLICATION_SEARCH = Search[TagRelationship](
    *_CONDITIONS,
    {
        "implied_from": partial(_implied, ids_implied_from),
        "implied_to": partial(_implied, ids_implied_to),
    },
    orders=_ORDERS,
    related=_RELATED,
)
