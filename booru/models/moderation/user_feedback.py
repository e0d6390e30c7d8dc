"""What users and the site put on a user's record (behaviour E.8, I.8, I.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse

from booru.models.accounts.user import User
from booru.models.base import TimestampedModel
from booru.models.messages.dmail import Dmail
from booru.models.mod_action import ModAction
from booru.rules.text import dtext_attribute, visible_text_errors

if TYPE_CHECKING:
    from typing import Self

MAX_BODY = 20_000
_TITLE = "Your user record has been updated"
_NEGATIVE = (
    "Negative feedback tells you what others want you to do differently from now on; by itself it takes "
    "nothing away from you. If you do not understand what it is about, or think that it is unfair, write to "
    "its author first, and then to a moderator."
)


class UserFeedbackQuerySet(models.QuerySet["UserFeedback"]):
    def visible_to(self, user: object) -> Self:
        """All for moderators; others do not see what was deleted."""
        if isinstance(user, User) and user.is_moderator:
            return self
        return self.filter(is_deleted=False)

    def counts(self) -> dict[str, int]:
        """How many there are of each category, by its name."""
        found = self.filter(is_deleted=False).order_by().values_list("category")
        counted = dict(found.annotate(number=models.Count("pk")))
        return {category: counted.get(category, 0) for category in UserFeedback.Category.values}


class UserFeedbackManager(models.Manager["UserFeedback"].from_queryset(UserFeedbackQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def give(
        self, user: User | None, creator: User, category: str, body: str, *, dmail: bool = True
    ) -> UserFeedback:
        """Put something on the user's record, and tell them with an automated dmail unless told otherwise.

        Raises ValidationError, and saves nothing, on bad input.
        """
        feedback: UserFeedback = self.model(user=user, creator=creator, category=category, body=body)
        feedback.validate()
        feedback.save()
        if dmail:
            Dmail.objects.send_automated(feedback.user, _TITLE, feedback.announcement)
        return feedback


class UserFeedback(TimestampedModel):
    class Category(models.TextChoices):
        POSITIVE = "positive"
        NEGATIVE = "negative"
        NEUTRAL = "neutral"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feedback")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    category = models.TextField(choices=Category.choices)
    # DText.
    body = models.TextField()
    is_deleted = models.BooleanField(default=False)

    objects: ClassVar[UserFeedbackManager] = UserFeedbackManager()

    class Meta:
        db_table = "user_feedback"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"user feedback #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("user_feedback", args=[self.pk])

    @property
    def announcement(self) -> str:
        """What the user is told (behaviour E.8)."""
        records = f"/user_feedbacks?search%5Buser_id%5D={self.user_id}"
        text = f'@{self.creator.name} created a "{self.category} record":{records} for your account:'
        explanation = f"\n\n{_NEGATIVE}" if self.category == self.Category.NEGATIVE else ""
        return f"{text}\n\n{self.body}{explanation}"

    @transaction.atomic
    def edit(self, editor: User, **fields: Any) -> None:
        """Change category, body or is_deleted; what others than its creator do is a mod action.

        Raises ValidationError, and saves nothing, on bad input.
        """
        before = UserFeedback.objects.select_for_update(no_key=True).get(pk=self.pk)
        for name, value in fields.items():
            setattr(self, name, value)
        self.validate()
        if all(getattr(before, name) == getattr(self, name) for name in fields):
            return
        self.save(update_fields=[*fields, "updated_at"])
        if editor.pk != self.creator_id:
            self._log(editor, is_deletion=self.is_deleted and not before.is_deleted)

    def validate(self) -> None:
        """Bring the text into its saved form; raises ValidationError."""
        self.body = dtext_attribute(self.body)
        problems = {
            "user": [] if self.user_id else ["must exist"],
            "creator": ["cannot submit feedback for yourself"] if self.user_id == self.creator_id else [],
            "category": [] if self.category in self.Category.values else ["is not included in the list"],
            "body": visible_text_errors(self.body, MAX_BODY),
        }
        if problems := {name: messages for name, messages in problems.items() if messages}:
            raise ValidationError(problems)

    def _log(self, editor: User, *, is_deletion: bool) -> None:
        categories = ModAction.Category
        category = categories.USER_FEEDBACK_DELETE if is_deletion else categories.USER_FEEDBACK_UPDATE
        what = "deleted" if is_deletion else "updated"
        description = f'{what} user feedback for "{self.user.name}":/users/{self.user_id}'
        ModAction.objects.log(editor, category, description, self.user)
