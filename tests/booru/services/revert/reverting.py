"""Applies scripts and undoes them, as their jobs do."""

from __future__ import annotations

from booru.models import BulkUpdateRequest, BulkUpdateRequestRevert, Level, Post, Tag, User
from tests.support.tag_factories import make_user


def revert(bur: BulkUpdateRequest, reverter: User | None = None) -> BulkUpdateRequestRevert:
    """Undo it; the result."""
    reverting = BulkUpdateRequestRevert.objects.request(bur, reverter or make_user(Level.ADMIN))
    reverting.process()
    return reverting


def tags_of(*posts: Post) -> list[str]:
    """The tag strings of these posts as they are now."""
    by_id = dict(Post.objects.values_list("id", "tag_string"))
    return [by_id[post.pk] for post in posts]


def counts() -> dict[str, int]:
    """The tags that have posts, by their counts."""
    return dict(Tag.objects.exclude(post_count=0).values_list("name", "post_count"))


def true_counts() -> dict[str, int]:
    """The same, counted."""
    found: dict[str, int] = {}
    for post in Post.objects.all():
        for name in post.tags:
            found[name] = found.get(name, 0) + 1
    return found
