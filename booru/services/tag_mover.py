"""Moves everything that one tag has to another, for an alias or a new name (behaviour B.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from booru.models import Post, Tag, TagAlias, TagImplication, WikiPage
from booru.models.tag import TagCategory
from booru.models.tag_relationship import lock_tag_relationships
from booru.posts.tag_edit import TagEdit
from booru.services.tag_categories import change_category
from booru.tag_names import COSPLAY, STYLE, normalize_tag_name

if TYPE_CHECKING:
    from booru.posts.editor import PostEditor


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
        self._sync_categories()
        self._move_aliases()
        self._move_implications()
        self._move_cosplay_tag()
        self._move_style_tag()
        self._move_wiki()
        WikiPage.objects.rewrite_links(self.old, self.new)
        self._move_posts()

    def _sync_categories(self) -> None:
        """A general tag takes the category of the other; two categories that differ are both kept."""
        old = Tag.objects.find_or_create(self.old, user=self.editor.user)
        new = Tag.objects.find_or_create(self.new, user=self.editor.user)
        if old.category == TagCategory.GENERAL != new.category:
            change_category(old, new.category, self.editor)
        elif new.category == TagCategory.GENERAL != old.category:
            change_category(new, old.category, self.editor)

    @transaction.atomic
    def _move_aliases(self) -> None:
        for alias in TagAlias.objects.active().filter(consequent_name=self.old).order_by("id"):
            alias.consequent_name = self.new
            alias.save_valid()

    def _move_implications(self) -> None:
        for implication in TagImplication.objects.active().filter(antecedent_name=self.old).order_by("id"):
            self._replace(implication, self.new, implication.consequent_name)
        for implication in TagImplication.objects.active().filter(consequent_name=self.old).order_by("id"):
            self._replace(implication, implication.antecedent_name, self.new)

    @transaction.atomic
    def _replace(self, implication: TagImplication, antecedent: str, consequent: str) -> None:
        lock_tag_relationships()
        implication.reject()
        user = self.editor.user
        TagImplication.objects.find_or_create_active(antecedent, consequent, approver=user)

    def _move_cosplay_tag(self) -> None:
        self._move_variant(COSPLAY)

    def _move_style_tag(self) -> None:
        tag = Tag.objects.named(self.old)
        if tag is not None and tag.is_artist:
            self._move_variant(STYLE)

    def _move_variant(self, suffix: str) -> None:
        tag = Tag.objects.named(self.old + suffix)
        if tag is not None and not tag.is_empty:
            TagMover(tag.name, self.new + suffix, self.editor).move()

    @transaction.atomic
    def _move_wiki(self) -> None:
        pages = WikiPage.objects.select_for_update(no_key=True).filter(title__in=[self.old, self.new])
        by_title = {page.title: page for page in pages.order_by("id")}
        old, new = by_title.get(self.old), by_title.get(self.new)
        if old is None or old.is_deleted:
            return
        if new is None:
            old.rename(self.new)
        else:
            old.merge_into(new)

    def _move_posts(self) -> None:
        posts = Post.objects.tagged(self.old)
        self.editor.edit(posts, TagEdit.move(self.old, self.new), only_tagged=self.old)
