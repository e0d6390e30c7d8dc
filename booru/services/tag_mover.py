"""Moves everything that one tag has to another, for an alias or a new name (behaviour B.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from booru.models import Artist, Pool, Post, SavedSearch, Tag, TagAlias, TagImplication, User, WikiPage
from booru.models.tag import TagCategory
from booru.models.tag_relationship import lock_tag_relationships
from booru.posts.tag_edit import TagEdit
from booru.services.tag_categories import change_category
from booru.tag_names import COSPLAY, STYLE, normalize_tag_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from booru.posts.editor import PostEditor

_ROUNDS = 10


class TagMover:
    """Moves `old` to `new`; the edits are credited to the editor's user.

    Each step commits by itself and may be repeated: a move that was cut short is finished by another.
    """

    def __init__(self, old: str, new: str, editor: PostEditor) -> None:
        self.old = normalize_tag_name(old)
        self.new = normalize_tag_name(new)
        self.editor = editor

    def move(self) -> None:
        """Take all steps, in Danbooru's order. Raises ValidationError where a rule forbids one."""
        if self.old == self.new:
            return
        self._sync_categories()
        self._move_aliases()
        self._move_implications()
        for variant in self.variants():
            variant.move()
        self._move_records()
        self._move_posts()

    def variants(self) -> Iterator[TagMover]:
        """The moves of the cosplay tag and, for artists, the style tag; of those that are on posts."""
        yield from self._variant(COSPLAY)
        tag = Tag.objects.named(self.old)
        if tag is not None and tag.is_artist:
            yield from self._variant(STYLE)

    def posts(self) -> QuerySet[Post]:
        """The posts that have the old tag."""
        return Post.objects.tagged(self.old)

    @property
    def edit(self) -> TagEdit:
        """What happens to each of them."""
        return TagEdit.move(self.old, self.new)

    def _sync_categories(self) -> None:
        """A general tag takes the category of the other; two categories that differ are both kept."""
        old = Tag.objects.find_or_create(self.old, user=self.editor.user)
        new = Tag.objects.find_or_create(self.new, user=self.editor.user)
        if old.category == TagCategory.GENERAL != new.category:
            # Its posts are counted when they are moved.
            old.change(self.editor.credit, category=new.category)
        elif new.category == TagCategory.GENERAL != old.category:
            change_category(new, old.category, self.editor)
        elif self._was_cut_short(new):
            change_category(new, new.category, self.editor)

    def _was_cut_short(self, tag: Tag) -> bool:
        """Did an earlier run for the same request change its category, and perhaps not count its posts?"""
        request = self.editor.bulk_update_request
        return request is not None and tag.versions.filter(bulk_update_request=request).exists()

    def _move_aliases(self) -> None:
        for pk in _ids(TagAlias.objects.active().filter(consequent_name=self.old)):
            self._move_alias(pk)

    @transaction.atomic
    def _move_alias(self, pk: int) -> None:
        """One to the new tag takes its place, so that it can be told what to undo."""
        lock_tag_relationships()
        alias = TagAlias.objects.active().filter(pk=pk, consequent_name=self.old).first()
        if alias is None:
            return
        alias.reject(self.editor.credit)
        moved = TagAlias.objects.find_or_create_active(
            alias.antecedent_name,
            self.new,
            approver=self.editor.user,
            forum_topic=alias.forum_topic,
            bulk_update_request=self.editor.bulk_update_request,
        )
        # In all else it is the one that was there: unused aliases are retired by their age (behaviour J.9).
        TagAlias.objects.filter(pk=moved.pk, created_at__gt=alias.created_at).update(
            creator=alias.creator, approver=alias.approver, created_at=alias.created_at
        )

    def _move_implications(self) -> None:
        for pk in _ids(TagImplication.objects.active().filter(antecedent_name=self.old)):
            self._move_implication(pk)
        for pk in _ids(TagImplication.objects.active().filter(consequent_name=self.old)):
            self._move_implication(pk)

    @transaction.atomic
    def _move_implication(self, pk: int) -> None:
        """One of the new tag takes its place; both or neither."""
        lock_tag_relationships()
        implication = TagImplication.objects.active().filter(pk=pk).first()
        if implication is None:
            return
        implication.reject(self.editor.credit)
        pair = (implication.antecedent_name, implication.consequent_name)
        antecedent, consequent = (self.new if name == self.old else name for name in pair)
        TagImplication.objects.find_or_create_active(
            antecedent,
            consequent,
            approver=self.editor.user,
            bulk_update_request=self.editor.bulk_update_request,
        )

    def _variant(self, suffix: str) -> Iterator[TagMover]:
        tag = Tag.objects.named(self.old + suffix)
        if tag is not None and not tag.is_empty:
            yield TagMover(tag.name, self.new + suffix, self.editor)

    def _move_records(self) -> None:
        old, new, credit = self.old, self.new, self.editor.credit
        Artist.objects.rename_tag(old, new, credit)
        WikiPage.objects.rename_tag(old, new, credit)
        SavedSearch.objects.rename_tag(old, new)
        User.objects.rename_blacklisted_tag(old, new)
        WikiPage.objects.rewrite_links(old, new, credit)
        Pool.objects.rewrite_links(old, new, credit)

    def _move_posts(self) -> None:
        # Once more for those that were given the old tag meanwhile, until there are none; not for ever.
        for _ in range(_ROUNDS):
            if not self.editor.edit(self.posts(), self.edit, only_tagged=self.old):
                return


def _ids(relationships: QuerySet[TagAlias] | QuerySet[TagImplication]) -> list[int]:
    return list(relationships.order_by("id").values_list("pk", flat=True))
