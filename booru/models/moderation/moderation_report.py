"""Reports of messages that break the rules, for moderators (behaviour E.4, E.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse

from booru.models.accounts.user import User
from booru.models.base import TimestampedModel
from booru.models.forum.forum_post import ForumPost
from booru.models.messages.dmail import Dmail
from booru.models.mod_action import ModAction
from booru.rules.field_errors import raise_any
from booru.rules.text import dtext_attribute, visible_text_errors

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    Reportable = Dmail | ForumPost

_MAX_REASON = 2000
# By the names under which they are reported.
REPORTABLE: dict[str, type[Reportable]] = {"Dmail": Dmail, "ForumPost": ForumPost}
_WORDS = {"Dmail": "dmail", "ForumPost": "forum"}


class ModerationReportManager(models.Manager["ModerationReport"]):
    @transaction.atomic
    def report(self, creator: User, subject: Reportable, reason: str) -> ModerationReport:
        """Save a report; raises ValidationError for a second one by the same user and for a bad reason."""
        # One at a time, so that a double click is one report.
        User.objects.select_for_update(no_key=True).get(pk=creator.pk)
        report = self.model(
            creator=creator,
            subject_type=type(subject).__name__,
            subject_id=subject.pk,
            reason=dtext_attribute(reason),
        )
        raise_any(report.problems())
        report.save()
        return report

    def about_dmails_of(self, sender: User, *, since: datetime, reason: str) -> int:
        """How many reports of the site itself there are since then, for this reason."""
        dmails = Dmail.objects.filter(from_user=sender, created_at__gte=since).values("pk")
        return self.filter(
            creator=User.objects.system(),
            subject_type=Dmail.__name__,
            subject_id__in=dmails,
            reason=reason,
            created_at__gte=since,
        ).count()


class ModerationReport(TimestampedModel):
    class Status(models.IntegerChoices):
        """Danbooru's numbers."""

        PENDING = 0
        REJECTED = 1
        HANDLED = 2

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="moderation_reports")
    # What is reported: a model's name and its id, as in ModAction.
    subject_type = models.TextField()
    subject_id = models.BigIntegerField()
    # DText.
    reason = models.TextField()
    status = models.SmallIntegerField(choices=Status.choices, default=Status.PENDING)
    updater = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[ModerationReportManager] = ModerationReportManager()

    class Meta:
        db_table = "moderation_reports"
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="moderation_reports_subject")]

    def __str__(self) -> str:
        return f"moderation report #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("moderation_report", args=[self.pk])

    @property
    def status_name(self) -> str:
        return self.Status(self.status).name.lower()

    @property
    def subject_name(self) -> str:
        """How messages name what is reported: `dmail #1`, `forum #1`."""
        return f"{_WORDS.get(self.subject_type, self.subject_type)} #{self.subject_id}"

    @transaction.atomic
    def settle(self, moderator: User, status: Status) -> None:
        """Handle or reject it, and thank who reported for what was handled (behaviour E.8)."""
        self.refresh_from_db(from_queryset=ModerationReport.objects.select_for_update(no_key=True))
        if self.status == status:
            return
        self.status, self.updater = status, moderator
        self.save(update_fields=["status", "updater", "updated_at"])
        categories = ModAction.Category
        is_handled = status == self.Status.HANDLED
        category = (
            categories.MODERATION_REPORT_HANDLED if is_handled else categories.MODERATION_REPORT_REJECTED
        )
        ModAction.objects.log(moderator, category, f"{self.status_name} modreport #{self.pk}", self)
        if is_handled and not self.creator.is_system:
            self._thank()

    def problems(self) -> dict[str, list[str]]:
        """What is wrong with each field."""
        others = ModerationReport.objects.exclude(pk=self.pk).filter(
            creator=self.creator, subject_type=self.subject_type, subject_id=self.subject_id
        )
        return {
            "reason": visible_text_errors(self.reason, _MAX_REASON),
            "creator": ["have already reported this message"] if others.exists() else [],
        }

    def _thank(self) -> None:
        what = self.subject_name
        body = f"A moderator has looked at {what}, which you reported, and has acted on it. Thank you!"
        Dmail.objects.send_automated(self.creator, f"Thank you for reporting {what}", body)


def subjects_of(reports: Iterable[ModerationReport]) -> dict[int, Reportable]:
    """What the reports are about, by the report's id, with one query a kind; nothing for what is gone."""
    reports = list(reports)
    found: dict[int, Reportable] = {}
    for name, model in REPORTABLE.items():
        of_kind = [report for report in reports if report.subject_type == name]
        author = "from_user" if model is Dmail else "creator"
        records = model._default_manager.select_related(author).in_bulk(
            [report.subject_id for report in of_kind]
        )
        found |= {report.pk: records[report.subject_id] for report in of_kind if report.subject_id in records}
    return found
