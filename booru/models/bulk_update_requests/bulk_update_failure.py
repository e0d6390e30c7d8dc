"""What people are told when a bulk update request has failed: where and why, no secrets and no backtrace.

Danbooru leaves it to the logs.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from booru.models.accounts.user import User
from booru.models.forum.forum_post import ForumPost
from booru.models.messages.dmail import Dmail
from booru.rules.field_errors import full_messages

if TYPE_CHECKING:
    from booru.models.bulk_update_requests.bulk_update_request import BulkUpdateRequest
    from booru.models.bulk_update_requests.bulk_update_request_line import BulkUpdateRequestLine

logger = logging.getLogger("booru.bulk_update")

_MAX_REASON = 1000
# By the class of the error, which is all that is known when somebody else ended the job.
_REASONS = {
    "JobCanceled": "its job was cancelled",
    "JobDeleted": "its job was deleted",
    "JobLost": "its job was deleted",
    "JobTimeout": "it took too long",
    "WorkerDied": "the worker that applied it died, again and again",
    "OperationalError": "the database could not do it",
    "InterfaceError": "the database was away",
}


def reason_of(error: Exception) -> str:
    """The error in words for everybody; what nobody foresaw may hold secrets, and is only named."""
    if isinstance(error, ValidationError):
        return "; ".join(error.messages)[:_MAX_REASON]
    return reason_named(type(error).__name__)


def reason_named(text: str) -> str:
    """The same for an error's class, or for text that begins with it and a colon."""
    name = text.partition(":")[0]
    return _REASONS.get(name, f"an unexpected error ({name}), which its job shows to admins")


def tell_of_failure(
    bulk_update_request: BulkUpdateRequest, line: BulkUpdateRequestLine | None, reason: str
) -> None:
    """Tell the forum topic, and the approver by dmail. A bad message stops nobody's work."""
    bur = bulk_update_request
    where = f"at line {line.number}, {bur.processor.dtext_of(line.text)}" if line else "before its first line"
    body = (
        f"The {bur.dtext_link} has failed {where}.\n\nReason: {reason}.\n\n"
        "What was done stays done. When it is approved again, it goes on where it failed."
    )
    if bur.approver:
        Dmail.objects.send_automated(bur.approver, f"Bulk update request #{bur.pk} has failed", body)
    if bur.forum_post is None:
        return
    try:
        with transaction.atomic():
            topic, system = bur.forum_post.topic, User.objects.system()
            ForumPost.objects.create_reply(topic, system, body, tells_mentioned=False)
    except ValidationError as error:
        logger.warning("The topic of %s was not told of its failure: %s", bur, full_messages(error))
