"""Posts and their versions (behaviour D.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse

from booru.models.base import TimestampedModel

if TYPE_CHECKING:
    from collections.abc import Iterable


class TagArray(Func):
    """The tag string as an array, spelled as in the index over it."""

    function = "string_to_array"
    output_field = ArrayField(models.TextField())

    def __init__(self) -> None:
        super().__init__(F("tag_string"), Value(" "))


class PostQuerySet(models.QuerySet["Post"]):
    def tagged(self, *names: str) -> Self:
        """The posts of every status that have all these tags."""
        return self.alias(tag_array=TagArray()).filter(tag_array__contains=list(names))

    def lacking(self, *names: str) -> Self:
        """The posts that do not have all of these tags."""
        return self.alias(tag_array=TagArray()).exclude(tag_array__contains=list(names))

    def tagged_any(self, *names: str) -> Self:
        """The posts of every status that have at least one of these tags."""
        return self.alias(tag_array=TagArray()).filter(tag_array__overlap=list(names))

    def lock(self, post_ids: Iterable[int]) -> list[int]:
        """Lock the posts that exist in the order of their ids, as everybody does; returns these."""
        rows = self.filter(pk__in=list(post_ids)).order_by("pk").select_for_update(no_key=True)
        return list(rows.values_list("pk", flat=True))


class Post(TimestampedModel):
    """A picture and its tags, which only booru.posts may change: it keeps the counts and versions."""

    class Rating(models.TextChoices):
        GENERAL = "g"
        SENSITIVE = "s"
        QUESTIONABLE = "q"
        EXPLICIT = "e"

    tag_string = models.TextField(default="", blank=True)
    tag_count = models.PositiveIntegerField(default=0)
    tag_count_general = models.PositiveIntegerField(default=0)
    tag_count_artist = models.PositiveIntegerField(default=0)
    tag_count_copyright = models.PositiveIntegerField(default=0)
    tag_count_character = models.PositiveIntegerField(default=0)
    tag_count_meta = models.PositiveIntegerField(default=0)
    rating = models.CharField(max_length=1, choices=Rating.choices, default=Rating.GENERAL)
    source = models.TextField(default="", blank=True)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    is_pending = models.BooleanField(default=False)
    is_flagged = models.BooleanField(default=False)
    is_deleted = models.BooleanField(default=False)
    is_banned = models.BooleanField(default=False)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    score = models.IntegerField(default=0)
    up_score = models.IntegerField(default=0)
    # Zero or negative.
    down_score = models.IntegerField(default=0)
    fav_count = models.PositiveIntegerField(default=0)
    # Of its file, as far as there is one: pixels, bytes, the extension without its dot.
    image_width = models.PositiveIntegerField(default=0)
    image_height = models.PositiveIntegerField(default=0)
    file_size = models.PositiveBigIntegerField(default=0)
    file_ext = models.TextField(default="", blank=True)
    md5 = models.TextField(null=True, blank=True, unique=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        db_table = "posts"
        indexes = [
            GinIndex(
                Func(F("tag_string"), Value(" "), function="string_to_array"),
                name="posts_tags",
                # KiB. Whoever fills the list of what is to be put into the index does that for everybody,
                # and all searches read it until then: with the usual 4 MiB a single edit may take 0.3 s.
                gin_pending_list_limit=1024,
            ),
        ]

    def __str__(self) -> str:
        return f"post #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("post", args=[self.pk])

    @property
    def tags(self) -> list[str]:
        """The names of its tags, sorted."""
        return self.tag_string.split()

    @property
    def status(self) -> str:
        """The one status that is shown (behaviour D.1)."""
        flags = {"pending": self.is_pending, "deleted": self.is_deleted, "flagged": self.is_flagged}
        return next((name for name, flag in flags.items() if flag), "active")


class PostVersion(models.Model):
    """A post as it was after one edit; `version` counts from 1."""

    # Found by the index of the constraint below; one more would only slow down writing.
    post = models.ForeignKey(Post, models.CASCADE, related_name="versions", db_index=False)
    updater = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField()
    tags = models.TextField()
    added_tags = ArrayField(models.TextField(), default=list)
    removed_tags = ArrayField(models.TextField(), default=list)
    rating = models.CharField(max_length=1)
    source = models.TextField(default="", blank=True)
    parent_id_was = models.BigIntegerField(null=True)
    bulk_update_request = models.ForeignKey(
        "booru.BulkUpdateRequest", models.SET_NULL, null=True, related_name="post_versions", db_index=False
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "post_versions"
        constraints = [models.UniqueConstraint(fields=["post", "version"], name="unique_post_version")]
        indexes = [
            # The posts of a request, in the order in which it is undone.
            models.Index(
                fields=["bulk_update_request", "post"],
                name="post_versions_request",
                condition=Q(bulk_update_request__isnull=False),
            ),
        ]

    @property
    def tags_before(self) -> list[str]:
        """The tags that the post had before this edit, sorted."""
        return sorted(set(self.tags.split()) - set(self.added_tags) | set(self.removed_tags))
