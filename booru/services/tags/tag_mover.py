"""Moves everything that one tag has to another, for an alias or a new name (behaviour B.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from booru.models import Artist, Pool, Post, SavedSearch, Tag, TagAlias, TagImplication, User, WikiPage
from booru.models.tag_relationships.tag_relationship import lock_tag_relationships
from booru.models.tags.tag import TagCategory
from booru.posts.editing.derived_tags import automatic_tags
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.rules.tag_names import COSPLAY, STYLE, normalize_tag_name
from booru.services.tags.tag_categories import count_anew

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from booru.posts.editing.editor import PostEditor

_ROUNDS = 10


class TagMover:
    """Moves `old` to `new`; the edits are credited to the editor's user.

    Each step commits by itself and may be repeated: a move that was cut short is finished by another.
    """

    def __init__(self, old: str, new: str, editor: PostEditor) -> None:
        self.old = normalize_tag_name(old)
        self.new = normalize_tag_name(new)
        self.editor = editor
        self._has_new_category = False

    def move(self) -> None:
        """Take all steps, in Danbooru's order. Raises ValidationError where a rule forbids one."""
        if self.old == self.new:
            return
        self.move_relationships()
        self._count_category()
        for variant in self.variants():
            variant.move()
        self._move_records()
        self._move_posts()

    @transaction.atomic
    def move_relationships(self) -> None:
        """Take the steps that a rule may forbid, and those of the variants: all of them or none.

        So a move that cannot be says so before anything is done. In Danbooru it stops half-way.
        """
        if self.old == self.new:
            return
        lock_tag_relationships()
        refuse_deprecated(self.new)
        if self.old in automatic_tags(self.new):
            raise ValidationError(always_comes_with(self.new, self.old))
        self._sync_categories()
        self._move_aliases()
        self._move_implications()
        for variant in self.variants():
            variant.move_relationships()

    def variants(self) -> Iterator[TagMover]:
        """The moves of the cosplay tag and, for artists, the style tag.

        Of those that are on posts, and of those that implications or aliases lead to and from, which would
        bring the old tag back. Danbooru leaves these.
        """
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
            new.change(self.editor.credit, category=old.category)
            self._has_new_category = True

    def _count_category(self) -> None:
        new = Tag.objects.get(name=self.new)
        if self._has_new_category or self._was_cut_short(new):
            count_anew({new.name, *new.antecedent_names()} - {self.old}, self.editor)

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
            kept_name=alias.antecedent_name,
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
        """One of the new tag takes its place, unless that would follow from others; both or neither."""
        lock_tag_relationships()
        implication = TagImplication.objects.active().filter(pk=pk).first()
        if implication is None:
            return
        implication.reject(self.editor.credit)
        before = (implication.antecedent_name, implication.consequent_name)
        antecedent, consequent = after = self._renamed(before)
        if consequent in TagImplication.objects.implied_by([antecedent]):
            return
        try:
            TagImplication.objects.create_valid(
                antecedent,
                consequent,
                creator=self.editor.user,
                approver=self.editor.user,
                bulk_update_request=self.editor.bulk_update_request,
                kept_name=antecedent if consequent == self.new else consequent,
            )
        except ValidationError as error:
            raise ValidationError(would_become(before, after, "; ".join(error.messages))) from error

    def _renamed(self, pair: tuple[str, str]) -> tuple[str, str]:
        antecedent, consequent = (self.new if name == self.old else name for name in pair)
        return antecedent, consequent

    def _variant(self, suffix: str) -> Iterator[TagMover]:
        tag = Tag.objects.named(self.old + suffix)
        if tag is not None and (not tag.is_empty or _is_related(tag.name)):
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


def _is_related(name: str) -> bool:
    either = Q(antecedent_name=name) | Q(consequent_name=name)
    return any(
        model._default_manager.active().filter(either).exists() for model in (TagImplication, TagAlias)
    )


def refuse_deprecated(name: str) -> None:
    """A tag that may not be added to posts takes nobody's place: the posts would just lose the other.

    Danbooru lets them (behaviour B.4). Raises ValidationError.
    """
    if Tag.objects.filter(name=name, is_deprecated=True).exists():
        raise ValidationError(f"[[{name}]] is deprecated")


def always_comes_with(name: str, other: str) -> str:
    """Why a tag cannot become one from which it follows: the posts would get it back."""
    return f"posts with [[{name}]] always have [[{other}]] too"


def would_become(before: tuple[str, str], after: tuple[str, str], problem: str) -> str:
    """Why an implication cannot move from one pair to another."""
    was, becomes = (f"[[{antecedent}]] -> [[{consequent}]]" for antecedent, consequent in (before, after))
    return f"the implication {was} would become {becomes}: {problem}"


def _ids(relationships: QuerySet[TagAlias] | QuerySet[TagImplication]) -> list[int]:
    return list(relationships.order_by("id").values_list("pk", flat=True))
