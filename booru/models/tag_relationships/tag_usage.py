"""Whether one tag is used in such a way that it may imply another (behaviour B.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from booru.models.pages.wiki_page import WikiPage
from booru.models.posts.post import Post
from booru.models.tags.tag import Tag, TagCategory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LEAST_POSTS = 10
# An antecedent must have at least one post in so many of the consequent.
_LARGEST_RATIO = 10_000
# Of the posts that have either tag, so many percent may have the antecedent.
_LARGEST_SHARE = 90


class UsedTag(Protocol):
    """A tag, or what is known of one."""

    name: str
    category: int
    post_count: int

    @property
    def is_empty(self) -> bool: ...


def implication_problems(antecedent_name: str, consequent_name: str) -> Iterator[str]:
    """What speaks against requesting this implication, whatever other relationships there are."""
    either = Post.objects.tagged_any(antecedent_name, consequent_name)
    return usage_problems(
        Tag.objects.named(antecedent_name),
        Tag.objects.named(consequent_name),
        has_page=lambda name: WikiPage.objects.titled(name) is not None,
        count_either=lambda enough: either[:enough].count(),
    )


def usage_problems(
    antecedent: UsedTag | None,
    consequent: UsedTag | None,
    has_page: Callable[[str], bool],
    count_either: Callable[[int], int],
) -> Iterator[str]:
    """The same for tags that are known; `count_either` counts the posts with either tag, up to a number."""
    if antecedent and consequent and not antecedent.is_empty and not consequent.is_empty:
        yield from _category_problems(antecedent, consequent)
        if antecedent.category == TagCategory.GENERAL:
            yield from _size_problems(antecedent, consequent, count_either)
    for tag in (antecedent, consequent):
        if tag and not tag.is_empty and not has_page(tag.name):
            yield f"[[{tag.name}]] must have a wiki page"


def enough_to_share(post_count: int) -> int:
    """So many posts with either tag are enough for an antecedent of so many posts.

    The consequent may be on far more posts than can be counted quickly.
    """
    return 100 * post_count // _LARGEST_SHARE + 1


def _category_problems(antecedent: UsedTag, consequent: UsedTag) -> Iterator[str]:
    if antecedent.category != consequent.category:
        words = (TagCategory(tag.category).word for tag in (antecedent, consequent))
        yield "Can't imply a {} tag to a {} tag".format(*words)


def _size_problems(
    antecedent: UsedTag, consequent: UsedTag, count_either: Callable[[int], int]
) -> Iterator[str]:
    least = -(-consequent.post_count // _LARGEST_RATIO)
    if antecedent.post_count < _LEAST_POSTS:
        yield f"[[{antecedent.name}]] must have at least {_LEAST_POSTS} posts"
    elif antecedent.post_count < least:
        yield f"[[{antecedent.name}]] must have at least {least} posts"
    either = count_either(enough_to_share(antecedent.post_count))
    if 0 < _LARGEST_SHARE * either < 100 * antecedent.post_count:
        share = f"[[{antecedent.name}]] can't make up more than {_LARGEST_SHARE}%"
        yield f"{share} of [[{consequent.name}]]"
