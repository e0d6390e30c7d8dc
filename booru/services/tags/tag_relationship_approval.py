"""Makes aliases and implications, and does what follows from them (behaviour B.1 to B.3).

A rule that is against it is found before anything is done. All of it may be repeated: a relationship that is
there already is used again, and posts that are done are not found any more.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from booru.models import Post, Tag, TagAlias, TagImplication
from booru.models.tag_relationships.tag_alias import already_aliased
from booru.models.tag_relationships.tag_relationship import lock_tag_relationships
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.services.tags.tag_categories import change_category
from booru.services.tags.tag_mover import TagMover, refuse_deprecated

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from booru.models import ForumTopic, User
    from booru.posts.editing.editor import PostEditor


def approve_alias(
    old: str, new: str, editor: PostEditor, *, approver: User, forum_topic: ForumTopic | None = None
) -> None:
    """Make the alias, and move everything; the edits are the editor's. Raises ValidationError."""
    with transaction.atomic():
        lock_tag_relationships()
        new = TagAlias.objects.moved_on(old, new) or new
        TagAlias.objects.find_or_create_active(
            old,
            new,
            approver=approver,
            forum_topic=forum_topic,
            bulk_update_request=editor.bulk_update_request,
        )
        mover = TagMover(old, new, editor)
        mover.move_relationships()
    mover.move()


def rename_tag(old: str, new: str, editor: PostEditor) -> None:
    """Move everything, and leave no alias behind; the edits are the editor's. Raises ValidationError."""
    mover = TagMover(old, new, editor)
    with transaction.atomic():
        lock_tag_relationships()
        target = TagAlias.objects.targets([mover.new]).get(mover.new)
        if target is not None and mover.old != mover.new:
            raise ValidationError(already_aliased(mover.new, target))
        mover.move_relationships()
    mover.move()


def approve_implication(
    old: str, new: str, editor: PostEditor, *, approver: User, forum_topic: ForumTopic | None = None
) -> None:
    """Make the implication, and apply it to the posts; the edits are the editor's. Raises ValidationError."""
    with transaction.atomic():
        lock_tag_relationships()
        refuse_deprecated(new)
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
    """A consequent that no post has yet is of the same kind as the antecedent, unless a rule forbids it."""
    antecedent, consequent = Tag.objects.get(name=old), Tag.objects.get(name=new)
    if consequent.is_empty and consequent.category != antecedent.category:
        with suppress(ValidationError):
            change_category(consequent, antecedent.category, editor)
