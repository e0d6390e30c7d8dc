"""Bulk update requests, BURs: scripts over tags and posts (behaviour A)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.urls import reverse

from booru.models.accounts.user import User
from booru.models.base import TimestampedModel
from booru.models.bulk_update_requests.bulk_update_failure import reason_named, reason_of, tell_of_failure
from booru.models.bulk_update_requests.bulk_update_request_manager import (
    BulkUpdateRequestManager,
    normalize_script,
    raise_any,
)
from booru.models.forum.forum_post import ForumPost
from booru.models.forum.forum_topic import ForumTopic
from booru.models.tag_relationships.tag_relationship import ValidationContext
from booru.rules.text import visible_text_errors
from jobs.bulk_update_requests import TEMPORARY_ERRORS, ProcessBulkUpdateRequestJob
from jobs.engine.errors import JobLost

if TYPE_CHECKING:
    from booru.bulk_update.processor import Processor
    from booru.models.accounts.user import Level
    from booru.models.bulk_update_requests.bulk_update_request_revert import BulkUpdateRequestRevert

_MAX_SCRIPT = 20_000


class BulkUpdateRequest(TimestampedModel):
    class Status(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        PROCESSING = "processing"
        FAILED = "failed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulk_update_requests")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    forum_topic = models.ForeignKey(
        "booru.ForumTopic", models.SET_NULL, null=True, blank=True, related_name="bulk_update_requests"
    )
    forum_post = models.OneToOneField(
        "booru.ForumPost", models.SET_NULL, null=True, blank=True, related_name="bulk_update_request"
    )
    script = models.TextField()
    status = models.TextField(choices=Status.choices, default=Status.PENDING)
    tags = ArrayField(models.TextField(), default=list, blank=True)

    objects: ClassVar[BulkUpdateRequestManager] = BulkUpdateRequestManager()

    # What understands and applies scripts. It works on the models, so it is set from outside (booru.apps).
    processor_class: ClassVar[type[Processor]]

    class Meta:
        db_table = "bulk_update_requests"
        ordering = ["-id"]
        indexes = [GinIndex(fields=["tags"], name="bulk_update_requests_tags")]

    def __str__(self) -> str:
        return f"BUR #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("bulk_update_request", args=[self.pk])

    @property
    def processor(self) -> Processor:
        return self.processor_class(self)

    @property
    def approval_level(self) -> Level:
        """The lowest level that may approve it (behaviour A.7)."""
        return self.processor.approval_level

    @property
    def script_dtext(self) -> str:
        """The script with its tags as links, one command a line (behaviour A.8)."""
        return self.processor.dtext

    @property
    def is_approved(self) -> bool:
        """Approved for good: it is being applied, or was. A failed one is not (behaviour A.2)."""
        return self.status in {self.Status.APPROVED, self.Status.PROCESSING}

    @property
    def is_being_reverted(self) -> bool:
        revert: BulkUpdateRequestRevert | None = getattr(self, "revert", None)
        return revert is not None and revert.is_unfinished

    @property
    def is_reverted(self) -> bool:
        """It was undone, as far as that was possible, and not approved again since."""
        revert: BulkUpdateRequestRevert | None = getattr(self, "revert", None)
        return revert is not None and revert.status == revert.Status.DONE

    @property
    def can_be_reverted(self) -> bool:
        """Something of it was applied, and nothing of it is being applied or undone."""
        return self.status in {self.Status.APPROVED, self.Status.FAILED} and not self.is_being_reverted

    def edit_script(self, script: str) -> None:
        """Change the script; raises ValidationError, and saves nothing, when it is not valid."""
        self.edit(script=script)

    def edit(self, *, script: str | None = None, **forum: ForumTopic | ForumPost | None) -> None:
        """Change the script, the `forum_topic` or the `forum_post`, as far as they are given.

        Raises ValidationError, and saves nothing, when something is not valid.
        """
        with transaction.atomic():
            self._lock()
            if self.is_approved:
                raise ValidationError(f"{self} is already approved")
            for name, record in forum.items():
                setattr(self, name, record)
            if script is not None and (script := normalize_script(script)) != self.script:
                self.script = script
                self._check(self.script_errors())
            self._check({"forum_post": self._forum_post_errors()})
            self.save_script()

    def approve(self, approver: User, *, from_start: bool = False) -> None:
        """Enqueue the job that applies the script (behaviour A.10).

        One that has failed goes on at the line where it failed, unless `from_start` or with another script.
        Raises ValidationError with the reasons when the script cannot be applied any more; then nothing
        changes. Danbooru hides them behind an unexpected error, which helps nobody, so here they are shown.
        """
        with transaction.atomic():
            self._lock()
            if self.is_approved:
                raise ValidationError(f"{self} is already approved")
            self._ready_lines(from_start=from_start)
            self.approver = approver
            self._set_status(self.Status.PROCESSING, "approver")
            ProcessBulkUpdateRequestJob.enqueue(self)
            self.announce(f"has been approved by @{approver.name}.")

    def reject(self, rejector: User) -> None:
        """Raises ValidationError unless the request is pending."""
        with transaction.atomic():
            self._lock()
            if self.status != self.Status.PENDING:
                raise ValidationError(f"{self} is not pending")
            self._set_status(self.Status.REJECTED)
            self.announce(f"has been rejected by @{rejector.name}.")

    def process(self) -> None:
        """Apply the script, line after line; what the job does.

        Not in a transaction: each line commits its work. The first line that fails ends it: the status says
        so, and the error goes on to the job. After an error that passes the job comes back, and goes on.
        """
        self._set_status(self.Status.PROCESSING)
        try:
            self.processor.process()
        except TEMPORARY_ERRORS:
            raise
        except JobLost:
            self.job_was_discarded(JobLost.__name__)
            raise
        except Exception as error:
            self._fail(reason_of(error))
            raise
        self._set_status(self.Status.APPROVED)

    def lock_keys(self) -> list[str]:
        """The lock keys of its job: requests that must not run at once share one."""
        return self.processor.lock_keys()

    def job_was_discarded(self, error: str) -> None:
        """Its job ended where process() could not say so: cancelled, or three workers died of it.

        Then it has failed, and can be approved again. Danbooru leaves it processing for ever.
        """
        with transaction.atomic():
            self._lock()
            waits = ProcessBulkUpdateRequestJob.jobs_of(self).unfinished().exists()
            if self.status == self.Status.PROCESSING and not waits:
                self._fail(reason_named(error))

    def job_is_retried(self) -> None:
        """Its job is enqueued again: it goes on where it failed, and says so at once.

        Raises ValidationError when there is nothing to go on with, or a person must look at it first.
        """
        with transaction.atomic():
            self._lock()
            others = ProcessBulkUpdateRequestJob.jobs_of(self).unfinished().count() - 1
            if self.status not in {self.Status.FAILED, self.Status.PROCESSING} or others > 0:
                raise ValidationError(f"{self} is {self.status}")
            if not self.processor.lines:
                raise ValidationError(f"{self} was edited since it was approved; approve it again")
            self._ready_lines(from_start=False)
            self._set_status(self.Status.PROCESSING)

    def script_errors(self) -> dict[str, list[str]]:
        """What is wrong with the script as a request (behaviour A.4, A.6)."""
        if errors := self.script_text_errors():
            return {"script": errors}
        return {NON_FIELD_ERRORS: self.processor.errors(ValidationContext.REQUEST)}

    def script_text_errors(self) -> list[str]:
        """What is wrong with it as a text, whatever it says."""
        return visible_text_errors(self.script, _MAX_SCRIPT)

    def save_script(self) -> None:
        """Save a script and the tags that it is about."""
        self.tags = self.processor.affected_tags
        self.save()

    def open_discussion(self, title: str, reason: str) -> None:
        """Add the forum post that shows the request, and the topic when there is none."""
        topic = self.forum_topic or ForumTopic.objects.open(self.user, title, ForumTopic.Category.TAGS)
        self.forum_topic = topic
        self.forum_post = ForumPost.objects.create_reply(topic, self.user, f"[bur:{self.pk}]\n\n{reason}")
        self.save(update_fields=["forum_topic", "forum_post", "updated_at"])

    @property
    def dtext_link(self) -> str:
        """How messages name it."""
        name = f'"bulk update request #{self.pk}":/bulk_update_requests?search%5Bid%5D={self.pk}'
        return f"{name} (forum #{self.forum_post_id})" if self.forum_post_id else name

    def announce(self, what_happened: str) -> None:
        """Tell the forum topic, as the system user; whom the post mentions knows it already."""
        if self.forum_post is None:
            return
        body, topic = f"The {self.dtext_link} {what_happened}", self.forum_post.topic
        ForumPost.objects.create_reply(topic, User.objects.system(), body, tells_mentioned=False)

    def _forget_revert(self) -> None:
        """It is applied anew, so it is not reverted any more."""
        if hasattr(self, "revert"):
            self.revert.delete()
            self.refresh_from_db()

    def _check(self, errors: dict[str, list[str]]) -> None:
        """Raises ValidationError for any; then the object is again as it is saved."""
        try:
            raise_any(errors)
        except ValidationError:
            self.refresh_from_db()
            raise

    def _forum_post_errors(self) -> list[str]:
        others = BulkUpdateRequest.objects.exclude(pk=self.pk).filter(forum_post=self.forum_post_id)
        is_taken = self.forum_post_id is not None and others.exists()
        return ["has already been taken"] if is_taken else []

    def _ready_lines(self, *, from_start: bool) -> None:
        """Make its lines ready for a run. Raises ValidationError when those to do cannot be applied."""
        if self.is_being_reverted:
            raise ValidationError(f"{self} is being reverted")
        self._forget_revert()
        processor = self.processor
        processor.prepare_lines(from_start=from_start)
        if errors := processor.errors(ValidationContext.APPROVAL):
            raise ValidationError(errors)

    def _fail(self, reason: str) -> None:
        with transaction.atomic():
            self._lock()
            line = self.processor.fail_line(reason)
            self._set_status(self.Status.FAILED)
            tell_of_failure(self, line, reason)

    def _lock(self) -> None:
        """Hold the row, so that nobody edits a script while somebody else approves it."""
        self.refresh_from_db(from_queryset=BulkUpdateRequest.objects.select_for_update(no_key=True))

    def _set_status(self, status: Status, *more_fields: str) -> None:
        self.status = status
        self.save(update_fields=["status", *more_fields, "updated_at"])
