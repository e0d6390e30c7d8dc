"""What aliases and implications have in common (behaviour B.1)."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection, models, transaction

from booru.models.accounts.user import User
from booru.models.base import TimestampedModel
from booru.models.forum.forum_topic import ForumTopic
from booru.models.mod_action import ModAction
from booru.models.tags.tag import Tag
from booru.models.versions.credit import Credit
from booru.rules.tag_names import normalize_tag_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from booru.models.bulk_update_requests.bulk_update_request import BulkUpdateRequest

R = TypeVar("R", bound="TagRelationship")
# One number for everybody who takes the lock; it means nothing.
_LOCK = 4_712_001
SELF = "Cannot alias or implicate a tag to itself"


class ValidationContext(Enum):
    """On which occasion a relationship is checked; a few rules depend on it."""

    ORDINARY = auto()
    # A bulk update request is made or edited.
    REQUEST = auto()
    # A bulk update request is approved.
    APPROVAL = auto()


def lock_tag_relationships() -> None:
    """Let nobody else make relationships until this transaction ends.

    That a tag has one alias is a rule of the model and not of the database, so two people must not check it
    at the same time. One lock for all, taken first, cannot deadlock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


class TagRelationshipManager(models.Manager[R]):
    def active(self) -> models.QuerySet[R]:
        return self.filter(status=TagRelationship.Status.ACTIVE)

    def active_of(self, antecedent: str, consequent: str) -> models.QuerySet[R]:
        """The active relationships of exactly this pair: one, or none."""
        return self.active().filter(antecedent_name=antecedent, consequent_name=consequent)

    def create_valid(
        self,
        antecedent: str,
        consequent: str,
        *,
        creator: User,
        approver: User | None = None,
        forum_topic: ForumTopic | None = None,
        bulk_update_request: BulkUpdateRequest | None = None,
        context: ValidationContext = ValidationContext.ORDINARY,
        kept_name: str = "",
    ) -> R:
        """Make an active relationship, and its tags; raises ValidationError when a rule is against it.

        `kept_name` is not new: it may be called what no new tag may.
        """
        relationship = self.model(
            antecedent_name=antecedent,
            consequent_name=consequent,
            creator=creator,
            approver=approver,
            forum_topic=forum_topic,
            created_by_request=bulk_update_request,
        )
        relationship.kept_name = kept_name
        relationship.save_valid(context)
        return relationship

    def find_or_create_active(
        self,
        antecedent: str,
        consequent: str,
        *,
        approver: User,
        forum_topic: ForumTopic | None = None,
        bulk_update_request: BulkUpdateRequest | None = None,
        kept_name: str = "",
    ) -> R:
        """The active relationship of exactly this pair; made by the approver when there is none.

        Raises ValidationError as create_valid does.
        """
        with transaction.atomic():
            lock_tag_relationships()
            return self.find_active(antecedent, consequent) or self.create_valid(
                antecedent,
                consequent,
                creator=approver,
                approver=approver,
                forum_topic=forum_topic,
                bulk_update_request=bulk_update_request,
                kept_name=kept_name,
            )

    def find_active(self, antecedent: str, consequent: str) -> R | None:
        """The active relationship of exactly this pair."""
        return self.active_of(antecedent, consequent).first()

    def reject_all(self, relationships: models.QuerySet[R], credit: Credit) -> None:
        """Reject those that are still active, each in a transaction of its own."""
        for pk in list(relationships.order_by("id").values_list("pk", flat=True)):
            with transaction.atomic():
                if relationship := self.active().select_for_update(no_key=True).filter(pk=pk).first():
                    relationship.reject(credit)


class TagRelationship(TimestampedModel):
    class Status(models.TextChoices):
        ACTIVE = "active"
        DELETED = "deleted"
        RETIRED = "retired"

    antecedent_name = models.TextField()
    consequent_name = models.TextField()
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    forum_topic = models.ForeignKey(
        "booru.ForumTopic", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    forum_post = models.ForeignKey(
        "booru.ForumPost", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The requests that made it, and that removed it.
    created_by_request = models.ForeignKey(
        "booru.BulkUpdateRequest", models.SET_NULL, null=True, blank=True, related_name="created_%(class)s"
    )
    removed_by_request = models.ForeignKey(
        "booru.BulkUpdateRequest", models.SET_NULL, null=True, blank=True, related_name="removed_%(class)s"
    )
    # The name that it takes over from a relationship that it replaces.
    kept_name = ""
    # How its deletion is filed among the mod actions.
    deletion_category: ClassVar[ModAction.Category]

    status = models.TextField(choices=Status.choices, default=Status.ACTIVE)
    reason = models.TextField(default="", blank=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["antecedent_name", "status"], name="%(class)s_antecedent"),
            models.Index(fields=["consequent_name", "status"], name="%(class)s_consequent"),
        ]

    def __str__(self) -> str:
        return f"{self.antecedent_name} -> {self.consequent_name}"

    @property
    def is_rejected(self) -> bool:
        return self.status in {self.Status.DELETED, self.Status.RETIRED}

    def validate(self, context: ValidationContext = ValidationContext.ORDINARY) -> None:
        """Raises ValidationError with every rule that is broken, in Danbooru's order."""
        self._normalize_names()
        errors: dict[str, list[str]] = {}
        for attribute, message in self.problems(context):
            errors.setdefault(attribute, []).append(message)
        if errors:
            raise ValidationError(errors)

    @transaction.atomic
    def save_valid(self, context: ValidationContext = ValidationContext.ORDINARY) -> None:
        """Validate, remove what stands in the way of a new relationship, make both tags, save."""
        lock_tag_relationships()
        self.validate(context)
        if self._state.adding:
            self.remove_conflicts()
        # In the order of their names, as everybody makes tags: then nobody waits for each other.
        for name in sorted({self.antecedent_name, self.consequent_name}):
            Tag.objects.find_or_create(name, user=self.creator)
        self.save()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._normalize_names()
        super().save(*args, **kwargs)

    @transaction.atomic
    def reject(self, credit: Credit) -> None:
        """Mark it deleted; no rule is against that. What the site itself does is no mod action."""
        self.status = self.Status.DELETED
        self.removed_by_request = credit.bulk_update_request
        self.save(update_fields=["status", "removed_by_request", "updated_at"])
        if not credit.user.is_system:
            description = f"deleted {self._meta.verbose_name} {self}"
            ModAction.objects.log(credit.user, self.deletion_category, description, self)

    def retire(self) -> None:
        """Mark it retired: it was of use once; no rule is against that."""
        self.status = self.Status.RETIRED
        self.save(update_fields=["status", "updated_at"])

    def remove_conflicts(self) -> None:
        """Reject what cannot stand beside a new relationship of this kind."""

    def problems(self, context: ValidationContext) -> Iterator[tuple[str, str]]:  # noqa: ARG002
        """The broken rules, each with the attribute that it is about."""
        if self.status not in self.Status.values:
            yield "status", "is not included in the list"
        yield from self._missing_records()
        for attribute in ("antecedent_name", "consequent_name"):
            if self._has_changed(attribute):
                for error in Tag.objects.name_errors(getattr(self, attribute)):
                    yield attribute, error
        if self.antecedent_name == self.consequent_name:
            yield NON_FIELD_ERRORS, SELF

    def same_pair(self) -> models.QuerySet[Self]:
        """The other active relationships of this pair."""
        others = type(self)._default_manager.filter(status=self.Status.ACTIVE).exclude(pk=self.pk)
        return others.filter(antecedent_name=self.antecedent_name, consequent_name=self.consequent_name)

    def _normalize_names(self) -> None:
        self.antecedent_name = normalize_tag_name(self.antecedent_name)
        self.consequent_name = normalize_tag_name(self.consequent_name)

    def _missing_records(self) -> Iterator[tuple[str, str]]:
        if self.creator_id is None or not User.objects.filter(pk=self.creator_id).exists():
            yield "creator", "must exist"
        if self.approver_id is not None and not User.objects.filter(pk=self.approver_id).exists():
            yield "approver", "must exist"
        if self.forum_topic_id is not None and not ForumTopic.objects.filter(pk=self.forum_topic_id).exists():
            yield "forum_topic", "must exist"

    def _has_changed(self, attribute: str) -> bool:
        if self._state.adding:
            return bool(getattr(self, attribute) != self.kept_name)
        saved = type(self)._default_manager.filter(pk=self.pk).values_list(attribute, flat=True)
        return bool(saved.get() != getattr(self, attribute))
