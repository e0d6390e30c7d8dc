"""The categories of the tags that texts link to, so that the links can be in their colours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from booru.models import Tag
from booru.models.tags.tag import TagCategory

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINK = re.compile(r"\[\[([^\[\]|\n]{1,300})")


def link_categories(texts: Iterable[str]) -> dict[str, str]:
    """The category, as a word, of each tag that has a `[[link]]` in one of the texts; with one query."""
    names = {"_".join(name.split()).lower() for text in texts for name in _LINK.findall(text)}
    if not names:
        return {}
    tags = Tag.objects.filter(name__in=names).values_list("name", "category")
    return {name: TagCategory(category).word for name, category in tags}
