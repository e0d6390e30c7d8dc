"""Pools: posts that belong together, in an order (behaviour D.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models.functions import Lower
from django.urls import reverse

from booru.models.array_literals import text_array
from booru.models.posts.post import Post
from booru.models.versions.linking import LinkingManager, LinkingModel
from booru.models.versions.record_version import RecordVersion
from booru.rules.pool_names import normalize_pool_name, pool_name_errors
from booru.rules.text import dtext_attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Self

    from booru.models.accounts.user import User
    from booru.models.versions.credit import Credit
    from booru.models.versions.versioned import State

MAX_DESCRIPTION = 20_000
_MAX_ID_LENGTH = 18
UNCHANGEABLE = "You cannot update pools that are deleted"
_IDS = """
    SELECT asked.name, pools.id FROM unnest(%s::text[]) AS asked (name)
    JOIN pools ON lower(pools.name) = lower(asked.name)
"""


class PoolManager(LinkingManager["Pool"]):
    def find(self, name_or_id: str) -> Pool | None:
        """The pool of this id, when all is digits, or else of this name, whatever its capitals."""
        text = name_or_id.strip()
        if text.isascii() and text.isdigit():
            return self.filter(pk=int(text)).first() if len(text) <= _MAX_ID_LENGTH else None
        return self.named(text)

    def find_all(self, texts: Iterable[str]) -> dict[str, Pool]:
        """As find(), for many at once and without their posts: each text that names a pool, with it."""
        ids, names = {}, {}
        for text in texts:
            plain = text.strip()
            if not (plain.isascii() and plain.isdigit()):
                names[text] = normalize_pool_name(text)
            elif len(plain) <= _MAX_ID_LENGTH:
                ids[text] = int(plain)
        ids |= self._ids_of(names)
        pools = self.defer("post_ids", "linked_titles").in_bulk(set(ids.values())) if ids else {}
        return {text: pools[pk] for text, pk in ids.items() if pk in pools}

    def _ids_of(self, names: dict[str, str]) -> dict[str, int]:
        """What is the same whatever its capitals, the database says, as in named()."""
        if not names:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(_IDS, [text_array(set(names.values()))])
            ids = dict(cursor.fetchall())
        return {text: ids[name] for text, name in names.items() if name in ids}

    def named(self, name: str) -> Pool | None:
        """The pool of this name, whatever its capitals."""
        # Spelled as the unique index is.
        by_name = self.alias(lower_name=Lower("name"))
        return by_name.filter(lower_name=Lower(models.Value(normalize_pool_name(name)))).first()


class Pool(LinkingModel):
    class Category(models.TextChoices):
        SERIES = "series"
        COLLECTION = "collection"

    versioned = ("name", "description", "category", "post_ids", "is_deleted")
    dtext_field = "description"

    name = models.TextField()
    description = models.TextField(default="", blank=True)
    category = models.TextField(choices=Category.choices, default=Category.SERIES)
    # In the order in which they are shown.
    post_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    is_deleted = models.BooleanField(default=False)

    objects: ClassVar[PoolManager] = PoolManager()

    class Meta(LinkingModel.Meta):
        db_table = "pools"
        constraints = [models.UniqueConstraint(Lower("name"), name="unique_pool_name")]
        indexes = [*LinkingModel.Meta.indexes, GinIndex(fields=["post_ids"], name="pools_post_ids")]

    def __str__(self) -> str:
        return f"pool #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("pool", args=[self.pk])

    @property
    def pretty_name(self) -> str:
        return self.name.replace("_", " ")

    def can_be_changed_by(self, user: User) -> bool:
        """Everybody; when it is deleted, builders and up in good standing."""
        return not self.is_deleted or (user.is_builder and user.is_in_good_standing)

    def change(self, credit: Credit, how: Callable[[Self], None], *, is_checked: bool = True) -> None:
        """Also raises ValidationError when it is deleted and the user may not change such a pool."""

        def change_if_allowed(pool: Self) -> None:
            if is_checked and not pool.can_be_changed_by(credit.user):
                raise ValidationError(UNCHANGEABLE)
            how(pool)

        super().change(credit, change_if_allowed, is_checked=is_checked)

    def add_posts(self, credit: Credit, post_ids: Iterable[int]) -> None:
        """Put the posts at the end; those in it already stay where they are."""
        added = list(post_ids)
        self.change(credit, lambda pool: pool.assign(post_ids=[*pool.post_ids, *added]))

    def remove_posts(self, credit: Credit, post_ids: Iterable[int]) -> None:
        removed = set(post_ids)
        self.change(credit, lambda pool: pool.assign(post_ids=[i for i in pool.post_ids if i not in removed]))

    def normalize(self) -> None:
        self.name = normalize_pool_name(self.name)
        self.description = dtext_attribute(self.description)
        self.post_ids = list(dict.fromkeys(self.post_ids))

    def problems(self, before: State) -> Iterator[tuple[str, str]]:
        if before.get("name") != self.name:
            yield from (("name", message) for message in self._name_errors())
        yield from (("description", message) for message in description_errors(len(self.description)))
        if self.category not in Pool.Category.values:
            yield "category", "is not included in the list"
        if unknown := self._unknown_posts(before):
            yield "post_ids", f"can't include posts that don't exist: {', '.join(map(str, unknown[:10]))}"

    def _name_errors(self) -> list[str]:
        errors = pool_name_errors(self.name)
        holder = Pool.objects.named(self.name)
        is_free = holder is None or holder.pk == self.pk
        return errors if is_free else [*errors, "has already been taken"]

    def _unknown_posts(self, before: State) -> list[int]:
        """The posts among the new ones that do not exist; those in the pool may have been removed since."""
        new = set(self.post_ids) - set(before.get("post_ids", ()))
        return sorted(new - set(Post.objects.filter(pk__in=new).values_list("pk", flat=True)))


def description_errors(length: int) -> list[str]:
    """What is wrong with a description of so many characters."""
    is_long = length > MAX_DESCRIPTION
    return [f"is too long (maximum is {MAX_DESCRIPTION} characters)"] if is_long else []


class PoolVersion(RecordVersion):
    pool = models.ForeignKey(Pool, models.CASCADE, related_name="versions")
    name = models.TextField()
    description = models.TextField(default="", blank=True)
    category = models.TextField()
    post_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    is_deleted = models.BooleanField(default=False)

    class Meta:
        db_table = "pool_versions"
        constraints = [models.UniqueConstraint(fields=["pool", "version"], name="unique_pool_version")]
