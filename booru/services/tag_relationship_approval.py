"""Makes aliases and implications, and does what follows from them (behaviour B.1 to B.3).

All of it may be repeated: a relationship that is there already is used again, and posts that are done are not
found any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import Post, Tag, TagAlias, TagImplication
from booru.posts.tag_edit import TagEdit
from booru.services.tag_categories import change_category
from booru.services.tag_mover import TagMover

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from booru.models import ForumTopic, User
    from booru.posts.editor import PostEditor


def approve_alias(
    old: str, new: str, editor: PostEditor, *, approver: User, forum_topic: ForumTopic | None = None
) -> None:
    """Make the alias, and move everything; the edits are the editor's. Raises ValidationError."""
    new = TagAlias.objects.moved_on(old, new) or new
    TagAlias.objects.find_or_create_active(
        old,
        new,
        approver=approver,
        forum_topic=forum_topic,
        bulk_update_request=editor.bulk_update_request,
    )
    TagMover(old, new, editor).move()


def approve_implication(
    old: str, new: str, editor: PostEditor, *, approver: User, forum_topic: ForumTopic | None = None
) -> None:
    """Make the implication, and apply it to the posts; the edits are the editor's. Raises ValidationError."""
    TagImplication.objects.find_or_create_active(
        old,
        new,
        approver=approver,
        forum_topic=forum_topic,
        bulk_update_request=editor.bulk_update_request,
    )
    _take_over_category(old, new, editor)
    # Saving a post applies all implications of its tags.
    editor.edit(posts_to_complete(old, new), TagEdit(), only_tagged=old)


def posts_to_complete(old: str, new: str) -> QuerySet[Post]:
    """The posts that have the antecedent of an implication without its consequent."""
    return Post.objects.tagged(old).lacking(new)


def _take_over_category(old: str, new: str, editor: PostEditor) -> None:
    """A consequent that no post has yet is of the same kind as the antecedent."""
    antecedent, consequent = Tag.objects.get(name=old), Tag.objects.get(name=new)
    if consequent.is_empty and consequent.category != antecedent.category:
        change_category(consequent, antecedent.category, editor)
