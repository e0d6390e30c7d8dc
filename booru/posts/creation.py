"""Makes posts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from booru.models import Artist, Post
from booru.posts.editing.editor import PostEditor
from booru.posts.post_fields import normalize_source
from booru.posts.tag_edits.tag_edit import TagEdit

if TYPE_CHECKING:
    from booru.models import User

_PENDING = ("status", "pending")


@transaction.atomic
def create_post(
    uploader: User, tags: str, *, rating: str = Post.Rating.GENERAL, source: str = "", **fields: Any
) -> Post:
    """A new post with these tags and its first version; fields are its status and its file's.

    Posts of banned artists, and those that were paid for, are banned (behaviour D.3).
    """
    edit = TagEdit.parse(tags)
    if _PENDING in edit.actions:
        fields["is_pending"] = True
        edit = replace(edit, actions=tuple(action for action in edit.actions if action != _PENDING))
    post = Post.objects.create(uploader=uploader, rating=rating, source=normalize_source(source), **fields)
    PostEditor(uploader).edit_post(post, edit)
    if _is_banned(post):
        post.is_banned = True
        post.save(update_fields=["is_banned"])
    return post


def _is_banned(post: Post) -> bool:
    return "paid_reward" in post.tags or Artist.objects.filter(name__in=post.tags, is_banned=True).exists()
