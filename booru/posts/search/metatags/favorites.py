"""Favorites, favorite groups and votes: `fav:`, `favgroup:`, `upvote:` and their like.

What somebody keeps to themselves is found by them and by admins; for others it matches nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Func, Q
from django.db.models.functions import Lower

from booru.models import Favorite, FavoriteGroup, PostVote, User
from booru.posts.search.metatags.registry import metatag
from booru.search.conditions import NOTHING

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag


@metatag("fav", "ordfav")
def favorites(term: Metatag, searcher: Searcher) -> Q:
    user = favorites_owner(term.value, searcher)
    return Q(pk__in=Favorite.objects.filter(user=user).values("post")) if user else NOTHING


def favorites_owner(name: str, searcher: Searcher) -> User | None:
    """The user of this name, if their favorites may be seen."""
    user = User.objects.by_name(name)
    return user if user and searcher.is_allowed_to_see_favorites_of(user) else None


@metatag("upvote", "downvote")
def votes(term: Metatag, searcher: Searcher) -> Q:
    user = User.objects.by_name(term.value)
    if user is None or not searcher.is_allowed_to_see_secrets_of(user):
        return NOTHING
    score = 1 if term.name == "upvote" else -1
    return Q(pk__in=PostVote.objects.filter(user=user, score=score, is_deleted=False).values("post"))


@metatag("favgroup", "ordfavgroup")
def favorite_groups(term: Metatag, searcher: Searcher) -> Q:
    groups = visible_groups(term.value, searcher)
    return Q(pk__in=groups.values(member=Func(F("post_ids"), function="unnest")))


def visible_groups(name: str, searcher: Searcher) -> QuerySet[FavoriteGroup]:
    """The groups of this name, or the one of this id, that may be seen."""
    visible = FavoriteGroup.objects.all()
    if searcher.user is None or not searcher.user.is_admin:
        visible = visible.filter(Q(is_public=True) | Q(creator=searcher.user))
    if name.isascii() and name.isdigit():
        return visible.filter(pk=int(name)) if len(name) < 19 else visible.none()
    return visible.alias(lower_name=Lower("name")).filter(lower_name="_".join(name.lower().split()))
