"""Tags (behaviour C)."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING, ClassVar

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction

from booru.models.accounts.user import Level
from booru.models.base import TimestampedModel
from booru.models.tags.tag_version import TagVersion
from booru.models.versions.credit import Credit
from booru.rules.tag_names import COSPLAY, CosplayBase, normalize_tag_name, tag_name_errors, words_of
from jobs.tags import UpdateTagCategoryPostCountsJob

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from booru.models.accounts.user import User


class TagCategory(models.IntegerChoices):
    GENERAL = 0
    ARTIST = 1
    COPYRIGHT = 3
    CHARACTER = 4
    META = 5

    @classmethod
    def from_word(cls, word: str) -> TagCategory | None:
        """The category that people mean by a word such as `char` (behaviour C.3)."""
        return _CATEGORY_WORDS.get(word.lower())

    @property
    def word(self) -> str:
        """Its name inside a sentence."""
        return self.name.lower()


_CATEGORY_WORDS = {
    word: category
    for category, words in {
        TagCategory.GENERAL: "general gen 0",
        TagCategory.ARTIST: "artist art 1",
        TagCategory.COPYRIGHT: "copyright copy co 3",
        TagCategory.CHARACTER: "character char ch 4",
        TagCategory.META: "meta 5",
    }.items()
    for word in words.split()
}


class TagManager(models.Manager["Tag"]):
    def named(self, name: str) -> Tag | None:
        return self.filter(name=normalize_tag_name(name)).first()

    def find_or_create(self, name: str, category: TagCategory | None = None, user: User | None = None) -> Tag:
        """The tag of this name, made when there is none (behaviour C.4).

        A category given for a tag that exists is taken over when `user` may change it. Raises ValidationError
        for a name that a new tag cannot have.
        """
        tag = self.named(name)
        if tag is None:
            return self.make(name, category, user)
        if category is not None and user is not None and category != tag.category:
            tag.recategorise_if_allowed(category, user)
        return tag

    def make(self, name: str, category: TagCategory | None = None, user: User | None = None) -> Tag:
        """As find_or_create, but a tag that somebody else is quicker to make keeps its category."""
        return self._create(normalize_tag_name(name), category or TagCategory.GENERAL, user)

    def _create(self, name: str, category: TagCategory, user: User | None) -> Tag:
        if errors := self.name_errors(name):
            raise ValidationError({"name": errors})
        if name.endswith(COSPLAY):
            self.find_or_create(name.removesuffix(COSPLAY), TagCategory.CHARACTER, user)
        # Somebody else may create it at this moment; then the row that exists counts.
        self.bulk_create([Tag(name=name, category=category, words=words_of(name))], ignore_conflicts=True)
        return self.get(name=name)

    def name_errors(self, name: str) -> list[str]:
        """What is wrong with the name, with the tags and aliases that exist (behaviour C.2)."""
        return tag_name_errors(name, self._cosplay_base)

    def _cosplay_base(self, name: str) -> CosplayBase | None:
        tag = self.filter(name=name).first()
        if tag is None:
            return None
        return CosplayBase(tag.alias_target(), tag.category == TagCategory.CHARACTER, tag.is_empty)


class TagTraits:
    """What a tag's row, or what was copied from it, tells by itself."""

    category: int
    post_count: int

    @property
    def is_empty(self) -> bool:
        """No post has it; the count may have drifted below zero."""
        return self.post_count <= 0

    @property
    def is_small(self) -> bool:
        """At most 200 posts (behaviour A.7)."""
        return self.post_count <= 200

    @property
    def is_artist(self) -> bool:
        return self.category == TagCategory.ARTIST


class Tag(TagTraits, TimestampedModel):
    name = models.TextField(unique=True)
    category = models.SmallIntegerField(choices=TagCategory.choices, default=TagCategory.GENERAL)
    post_count = models.IntegerField(default=0)
    is_deprecated = models.BooleanField(default=False)
    words = ArrayField(models.TextField(), default=list)

    objects: ClassVar[TagManager] = TagManager()

    # Saves the posts with the tag again. It works on the models, so it is set from outside (booru.apps).
    count_posts_anew: ClassVar[Callable[[Tag], None]]

    class Meta:
        db_table = "tags"
        indexes = [models.Index(fields=["-post_count"], name="tags_post_count")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the name in its normal form and the words in step with it."""
        if self._state.adding:
            self.name = normalize_tag_name(self.name)
            self.words = words_of(self.name)
        super().save(*args, **kwargs)

    def alias_target(self) -> str | None:
        """The tag that this one is an alias of."""
        active = _active_aliases().filter(antecedent_name=self.name)
        return active.values_list("consequent_name", flat=True).first()

    def antecedent_names(self) -> list[str]:
        """The names of the tags that are aliases of this one."""
        return list(
            _active_aliases().filter(consequent_name=self.name).values_list("antecedent_name", flat=True)
        )

    def has_artist_entry(self) -> bool:
        """Is there an entry for the artist of this name, even a deleted one?"""
        # Artists know tags, not the other way round.
        artists = apps.get_model("booru", "Artist")._default_manager
        return artists.filter(name=self.name).exists()

    def can_be_recategorised_by(self, user: User) -> bool:
        """Who may change its category (behaviour C.4)."""
        if self.is_artist and self.has_artist_entry():
            return False
        if user.level >= Level.ADMIN:
            return True
        return self.post_count < (1000 if user.level >= Level.BUILDER else 50)

    def recategorise_if_allowed(self, category: TagCategory, user: User) -> None:
        """Change the category; when the rules are against it, leave it as it is."""
        if self.can_be_recategorised_by(user):
            with suppress(ValidationError):
                self.update(Credit(user), category=category)

    @transaction.atomic
    def update(
        self, credit: Credit, *, category: int | None = None, is_deprecated: bool | None = None
    ) -> None:
        """Change what is given; jobs see to it that posts count the new category (behaviour C.5).

        Raises ValidationError when a rule is against it.
        """
        for tag in self.change(credit, category=category, is_deprecated=is_deprecated):
            if not tag.is_empty:
                UpdateTagCategoryPostCountsJob.enqueue(tag)

    @transaction.atomic
    def change(
        self, credit: Credit, *, category: int | None = None, is_deprecated: bool | None = None
    ) -> list[Tag]:
        """Change what is given, and with the category that of the tags that are aliases of this one.

        Returns the tags of another category than before: it is for the caller to have their posts counted
        anew. Raises ValidationError when a rule is against it.
        """
        fields = {"category": category, "is_deprecated": is_deprecated}
        fields = {name: value for name, value in fields.items() if value is not None}
        antecedents = [] if category is None else self.antecedent_names()
        tags = Tag.objects.filter(name__in=[self.name, *antecedents]).order_by("name")
        locked = {tag.name: tag for tag in tags.select_for_update(no_key=True)}
        own = locked.pop(self.name)
        # This one first: the others may only have the category that it has.
        changes = [(own, fields), *((tag, {"category": category}) for tag in locked.values())]
        recategorised = [tag for tag, fields in changes if tag._save_change(fields, credit)]
        self.category, self.is_deprecated, self.updated_at = own.category, own.is_deprecated, own.updated_at
        return recategorised

    def _save_change(self, fields: dict[str, Any], credit: Credit) -> bool:
        """Save what differs from the row, which is as it was read; is it of another category now?"""
        fields = {name: value for name, value in fields.items() if getattr(self, name) != value}
        if "category" in fields:
            self._check_category(fields["category"])
        if fields:
            before = copy(self)
            for name, value in fields.items():
                setattr(self, name, value)
            self.save(update_fields=[*fields, "updated_at"])
            TagVersion.objects.record(before, self, credit)
        return "category" in fields

    def _check_category(self, category: int) -> None:
        """Raises ValidationError: for one that there is not about the attribute, otherwise about the tag."""
        if category not in TagCategory.values:
            raise ValidationError({"category": "is not included in the list"})
        if errors := self.category_errors(category):
            raise ValidationError(errors)

    def category_errors(self, category: int) -> list[str]:
        """What forbids this tag the category (behaviour C.2)."""
        if category not in TagCategory.values:
            return ["Category is not included in the list"]
        errors = []
        if category != TagCategory.ARTIST and self.has_artist_entry():
            errors.append("Artist tags must be in the Artist category")
        target = self.alias_target()
        if target is not None:
            categories = Tag.objects.filter(name=target).values_list("category", flat=True)
            if category not in categories:
                errors.append("Can't change the category of an aliased tag")
        return errors


def _active_aliases() -> models.QuerySet[Any]:
    # Aliases make their tags, so their module imports this one and not the other way round.
    return apps.get_model("booru", "TagAlias")._default_manager.filter(status="active")
