"""The simple post search: tags that a post must have, and `-tags` that it must not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import Post, TagAlias
from booru.models.post import TagArray

if TYPE_CHECKING:
    from django.db.models import QuerySet


def search_posts(query: str) -> QuerySet[Post]:
    """The posts that the search finds, the newest first. Aliased tags are found under their new name."""
    words = query.lower().split()
    wanted = {word for word in words if not word.startswith("-")}
    unwanted = {word[1:] for word in words if word.startswith("-")} - {""}
    new_names = TagAlias.objects.targets(wanted | unwanted)
    posts = Post.objects.order_by("-pk")
    if wanted:
        posts = posts.tagged(*(new_names.get(name, name) for name in sorted(wanted)))
    if unwanted:
        names = [new_names.get(name, name) for name in sorted(unwanted)]
        posts = posts.alias(all_tags=TagArray()).exclude(all_tags__overlap=names)
    return posts
