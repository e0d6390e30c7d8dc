"""Favorite groups: posts that somebody collects under a name (behaviour N)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models, transaction

from booru.models.accounts.user import Level, User
from booru.models.base import TimestampedModel
from booru.rules.text import is_invisible, normalize_whitespace

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_POSTS = 10_000
MAX_NAME = 170
_RESERVED = {"any", "none"}
_ID = re.compile(r"[0-9]{1,18}")


def normalize_group_name(name: str) -> str:
    """NFC, one `_` for any space, none around it."""
    name = normalize_whitespace(unicodedata.normalize("NFC", name))
    return re.sub(r"[\s_]+", "_", name).strip("_")


def _key_of(text: str) -> str:
    """Of all texts that name one group, one: its id, or its name in lower case."""
    return str(int(text)) if _ID.fullmatch(text) else normalize_group_name(text).lower()


class FavoriteGroupManager(models.Manager["FavoriteGroup"]):
    def find(self, creator: User, name_or_id: str) -> FavoriteGroup | None:
        """The creator's group of this id or name."""
        groups = self.filter(creator=creator)
        if _ID.fullmatch(name_or_id):
            return groups.filter(pk=int(name_or_id)).first()
        return groups.filter(name__iexact=normalize_group_name(name_or_id)).first()

    def named_by(self, creator: User, texts: Iterable[str]) -> frozenset[str]:
        """As find(), for many at once: those of the texts that name a group."""
        groups = self.filter(creator=creator).values_list("pk", "name")
        known = {key for pk, name in groups for key in (str(pk), name.lower())}
        return frozenset(text for text in texts if _key_of(text) in known)

    def make(self, creator: User, name: str, **fields: Any) -> FavoriteGroup:
        """Raises ValidationError for one that breaks a rule."""
        group = self.model(creator=creator, name=name, **fields)
        group.save_valid()
        return group


class FavoriteGroup(TimestampedModel):
    name = models.TextField()
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favorite_groups")
    post_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    is_public = models.BooleanField(default=True)

    objects: ClassVar[FavoriteGroupManager] = FavoriteGroupManager()

    class Meta:
        db_table = "favorite_groups"
        indexes = [GinIndex(fields=["post_ids"], name="favorite_groups_post_ids")]

    def __str__(self) -> str:
        return self.name

    def save_valid(self) -> None:
        """Save it in its normal form. Raises ValidationError for one that breaks a rule."""
        self.name = normalize_group_name(self.name)
        self.post_ids = list(dict.fromkeys(self.post_ids))
        if problems := self._problems():
            raise ValidationError(problems)
        self.save()

    @transaction.atomic
    def add(self, post_ids: Iterable[int]) -> None:
        """Put posts at its end. Raises ValidationError when they are too many."""
        group = FavoriteGroup.objects.select_for_update(no_key=True).get(pk=self.pk)
        known = set(group.post_ids)
        new = [post_id for post_id in dict.fromkeys(post_ids) if post_id not in known]
        if new:
            group.post_ids += new
            group.save_valid()

    @transaction.atomic
    def remove(self, post_ids: Iterable[int]) -> None:
        group = FavoriteGroup.objects.select_for_update(no_key=True).get(pk=self.pk)
        gone = set(post_ids)
        if gone & set(group.post_ids):
            group.post_ids = [post_id for post_id in group.post_ids if post_id not in gone]
            group.save(update_fields=["post_ids", "updated_at"])

    def _problems(self) -> dict[str, list[str]]:
        problems: dict[str, list[str]] = {}
        if name_problems := self._name_problems():
            problems["name"] = name_problems
        rules = []
        if len(self.post_ids) > MAX_POSTS:
            rules.append(f"Favgroups can have up to {MAX_POSTS} posts")
        if not self.is_public and self.creator.level < Level.GOLD and self._becomes_private():
            rules.append("Can't enable privacy without a Gold account")
        return problems | ({"__all__": rules} if rules else {})

    def _becomes_private(self) -> bool:
        return not FavoriteGroup.objects.filter(pk=self.pk, is_public=False).exists()

    def _name_problems(self) -> list[str]:
        name = self.name
        if is_invisible(name):
            return ["can't be blank"]
        others = FavoriteGroup.objects.filter(creator=self.creator, name__iexact=name).exclude(pk=self.pk)
        rules = [
            (len(name) > MAX_NAME, f"is too long (maximum is {MAX_NAME} characters)"),
            (
                name.lower() in _RESERVED,
                f"cannot be any of the following names: {', '.join(sorted(_RESERVED))}",
            ),
            ("," in name, "cannot contain commas"),
            ("*" in name, "cannot contain asterisks"),
            (not name.isprintable(), "cannot contain non-printable characters"),
            (name.isascii() and name.isdigit(), "cannot contain only digits"),
            (others.exists(), "has already been taken"),
        ]
        return [message for is_broken, message in rules if is_broken]
