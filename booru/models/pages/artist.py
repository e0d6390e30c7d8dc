"""Artists: who made the posts of an artist tag (behaviour D.7, B.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.urls import reverse

from booru.models.tags.tag import Tag, TagCategory
from booru.models.versions.record_version import RecordVersion
from booru.models.versions.versioned import VersionedManager, VersionedModel
from booru.rules.artist_urls import is_web_url, normalize_urls
from booru.rules.other_names import normalize_other_name, normalize_other_names
from booru.rules.tag_names import normalize_tag_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from booru.models.versions.credit import Credit
    from booru.models.versions.versioned import State

_MAX_NAME = 80
_MAX_OTHER_NAMES = 50
_MAX_URLS = 150
_MAX_URL_LENGTH = 1000


class ArtistManager(VersionedManager["Artist"]):
    @transaction.atomic
    def rename_tag(self, old: str, new: str, credit: Credit) -> None:
        """Give the entry of the artist tag `old` to the tag `new` (behaviour B.4, step 6).

        No rule of the entries is checked. A deleted entry is left alone, and so is one whose tag is of
        another category.
        """
        tag = Tag.objects.named(old)
        if tag is None or not tag.is_artist or old == new:
            return
        by_name = {artist.name: artist for artist in self.lock(models.Q(name__in=[old, new]))}
        artist, other = by_name.get(old), by_name.get(new)
        if artist is None or artist.is_deleted:
            return
        if other is None:
            artist.rename(new, credit)
        else:
            artist.merge_into(other, credit)


class Artist(VersionedModel):
    versioned = ("name", "group_name", "other_names", "urls", "is_deleted", "is_banned")

    name = models.TextField(unique=True)
    group_name = models.TextField(default="", blank=True)
    other_names = ArrayField(models.TextField(), default=list, blank=True)
    # One that begins with `-` does not work any more.
    urls = ArrayField(models.TextField(), default=list, blank=True)
    is_deleted = models.BooleanField(default=False)
    is_banned = models.BooleanField(default=False)

    objects: ClassVar[ArtistManager] = ArtistManager()

    class Meta:
        db_table = "artists"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("artist", args=[self.pk])

    @property
    def pretty_name(self) -> str:
        return self.name.replace("_", " ")

    @transaction.atomic
    def update(self, credit: Credit, **fields: object) -> None:
        """Unless it is deleted, an entry makes its empty tag an artist tag, and a missing tag too."""
        super().update(credit, **fields)
        if self.is_deleted:
            return
        tag = Tag.objects.find_or_create(self.name, TagCategory.ARTIST)
        if tag.is_empty and not tag.is_artist:
            tag.change(credit, category=TagCategory.ARTIST)

    def normalize(self) -> None:
        self.name = normalize_tag_name(self.name)
        self.group_name = normalize_other_name(self.group_name)
        self.other_names = normalize_other_names(self.other_names, own_name=self.name)
        self.urls = normalize_urls(self.urls)

    def problems(self, before: State) -> Iterator[tuple[str, str]]:
        if before.get("name") != self.name:
            yield from (("name", message) for message in self._name_errors())
        if len(self.group_name) > _MAX_NAME:
            yield "group_name", f"is too long (maximum is {_MAX_NAME} characters)"
        if len(self.other_names) > _MAX_OTHER_NAMES:
            yield "other_names", f"can't have more than {_MAX_OTHER_NAMES} names"
        if any(len(name) > _MAX_NAME for name in self.other_names):
            yield "other_names", f"can't have a name longer than {_MAX_NAME} characters"
        if len(self.urls) > _MAX_URLS:
            yield "urls", f"can't have more than {_MAX_URLS} URLs"
        new_urls = set(self.urls) - set(before.get("urls", ()))
        for url in sorted(new_urls):
            if not is_web_url(url) or len(url) > _MAX_URL_LENGTH:
                yield "urls", f"'{url[:100]}' is not a valid URL"

    def rename(self, name: str, credit: Credit) -> None:
        """Take the name, and keep the old one among the other names. No rule is checked."""
        old_name = self.name
        self.change(
            credit,
            lambda artist: artist.assign(name=name, other_names=[*artist.other_names, old_name]),
            is_checked=False,
        )

    @transaction.atomic
    def merge_into(self, artist: Artist, credit: Credit) -> None:
        """Hand everything over to `artist`; only its name stays here. Both rows must be locked."""
        old = self.state()

        def take(new: Artist) -> None:
            new.other_names = [*new.other_names, *old["other_names"], old["name"]]
            new.group_name = new.group_name or old["group_name"]
            new.urls = [*new.urls, *old["urls"]]
            new.is_deleted = False
            new.is_banned = new.is_banned or old["is_banned"]

        def point(one: Artist) -> None:
            one.assign(other_names=[artist.name], group_name="", urls=[], is_deleted=True, is_banned=False)

        artist.change(credit, take, is_checked=False)
        self.change(credit, point, is_checked=False)

    def _name_errors(self) -> Iterator[str]:
        yield from Tag.objects.name_errors(self.name)
        if Artist.objects.filter(name=self.name).exclude(pk=self.pk).exists():
            yield "has already been taken"
        tag = Tag.objects.named(self.name)
        if tag is None or tag.is_artist:
            return
        if tag.is_empty:
            yield from tag.category_errors(TagCategory.ARTIST)
        else:
            category = TagCategory(tag.category).word
            yield f"'{self.name}' is a {category} tag; artist entries can only be made for artist tags"


class ArtistVersion(RecordVersion):
    artist = models.ForeignKey(Artist, models.CASCADE, related_name="versions")
    name = models.TextField()
    group_name = models.TextField(default="", blank=True)
    other_names = ArrayField(models.TextField(), default=list, blank=True)
    urls = ArrayField(models.TextField(), default=list, blank=True)
    is_deleted = models.BooleanField(default=False)
    is_banned = models.BooleanField(default=False)

    class Meta:
        db_table = "artist_versions"
        constraints = [models.UniqueConstraint(fields=["artist", "version"], name="unique_artist_version")]
