"""Whether one tag is used in such a way that it may imply another (behaviour B.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models.post import Post
from booru.models.tag import Tag, TagCategory
from booru.models.wiki_page import WikiPage

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAST_POSTS = 10
# An antecedent must have at least one post in so many of the consequent.
_LARGEST_RATIO = 10_000
# Of the posts that have either tag, so many percent may have the antecedent.
_LARGEST_SHARE = 90


def implication_problems(antecedent_name: str, consequent_name: str) -> Iterator[str]:
    """What speaks against requesting this implication, whatever other relationships there are."""
    antecedent, consequent = Tag.objects.named(antecedent_name), Tag.objects.named(consequent_name)
    if antecedent and consequent and not antecedent.is_empty and not consequent.is_empty:
        yield from _category_problems(antecedent, consequent)
        yield from _size_problems(antecedent, consequent)
    for tag in (antecedent, consequent):
        if tag and not tag.is_empty and WikiPage.objects.titled(tag.name) is None:
            yield f"[[{tag.name}]] must have a wiki page"


def _category_problems(antecedent: Tag, consequent: Tag) -> Iterator[str]:
    if antecedent.category != consequent.category:
        words = (TagCategory(tag.category).word for tag in (antecedent, consequent))
        yield "Can't imply a {} tag to a {} tag".format(*words)


def _size_problems(antecedent: Tag, consequent: Tag) -> Iterator[str]:
    if antecedent.category != TagCategory.GENERAL:
        return
    least = -(-consequent.post_count // _LARGEST_RATIO)
    if antecedent.post_count < _LEAST_POSTS:
        yield f"[[{antecedent.name}]] must have at least {_LEAST_POSTS} posts"
    elif antecedent.post_count < least:
        yield f"[[{antecedent.name}]] must have at least {least} posts"
    # So many are enough; the consequent may be on far more posts than can be counted quickly.
    enough = 100 * antecedent.post_count // _LARGEST_SHARE + 1
    either = Post.objects.tagged_any(antecedent.name, consequent.name)[:enough].count()
    if 0 < _LARGEST_SHARE * either < 100 * antecedent.post_count:
        share = f"[[{antecedent.name}]] can't make up more than {_LARGEST_SHARE}%"
        yield f"{share} of [[{consequent.name}]]"
