"""The simple post search: tags that a post must have, and `-tags` that it must not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, TextField, Value

from booru.models import Post, TagAlias

if TYPE_CHECKING:
    from django.db.models import QuerySet

# The expression of the index on posts, to the letter: otherwise PostgreSQL would not use it.
_TAG_ARRAY = Func(
    F("tag_string"), Value(" "), function="string_to_array", output_field=ArrayField(TextField())
)


def search_posts(query: str) -> QuerySet[Post]:
    """The posts that the search finds, the newest first. Aliased tags are found under their new name."""
    words = query.lower().split()
    wanted = {word for word in words if not word.startswith("-")}
    unwanted = {word[1:] for word in words if word.startswith("-")} - {""}
    new_names = _new_names(wanted | unwanted)
    posts = Post.objects.order_by("-pk")
    if wanted or unwanted:
        posts = posts.alias(tag_array=_TAG_ARRAY)
    if wanted:
        posts = posts.filter(tag_array__contains=[new_names.get(name, name) for name in sorted(wanted)])
    if unwanted:
        posts = posts.exclude(tag_array__overlap=[new_names.get(name, name) for name in sorted(unwanted)])
    return posts


def _new_names(names: set[str]) -> dict[str, str]:
    aliases = TagAlias.objects.filter(antecedent_name__in=names, status=TagAlias.Status.ACTIVE)
    return dict(aliases.values_list("antecedent_name", "consequent_name"))
