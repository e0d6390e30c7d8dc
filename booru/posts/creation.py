"""Makes posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from booru.models import Post
from booru.posts.editor import PostEditor
from booru.posts.tag_edit import TagEdit

if TYPE_CHECKING:
    from booru.models import User


@transaction.atomic
def create_post(
    uploader: User, tags: str, *, rating: str = Post.Rating.GENERAL, source: str = "", **fields: bool
) -> Post:
    """A new post with these tags and its first version; fields are the status flags."""
    post = Post.objects.create(uploader=uploader, rating=rating, source=source, **fields)
    PostEditor(uploader).edit_post(post, TagEdit.parse(tags))
    return post
