"""Makes bulk update requests, with the forum post that discusses each."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction

from booru.models.messages.embeds import embed_errors
from booru.rules.text import dtext_attribute, normalize_whitespace, title_attribute, visible_text_errors

if TYPE_CHECKING:
    from booru.models.accounts.user import User
    from booru.models.bulk_update_requests.bulk_update_request import BulkUpdateRequest
    from booru.models.forum.forum_topic import ForumTopic

_MAX_REASON = 20_000
_MAX_TITLE = 200


class BulkUpdateRequestManager(models.Manager["BulkUpdateRequest"]):
    def request(
        self,
        *,
        user: User,
        script: str,
        title: str = "",
        reason: str,
        forum_topic: ForumTopic | None = None,
    ) -> BulkUpdateRequest:
        """Save a new request and the forum post that discusses it, in a new topic if none is given.

        Raises ValidationError with everything that is wrong; then nothing is saved.
        """
        reason = dtext_attribute(reason)
        title = title_attribute(title)
        bur = self.model(user=user, script=normalize_script(script), forum_topic=forum_topic)
        errors = {
            "reason": visible_text_errors(reason, _MAX_REASON) + embed_errors(reason),
            "title": visible_text_errors(title, _MAX_TITLE) if forum_topic is None else [],
            **bur.script_errors(),
        }
        raise_any(errors)
        with transaction.atomic():
            bur.save_script()
            bur.open_discussion(title, reason)
        return bur


def normalize_script(script: str) -> str:
    """NFC, one kind of space and of line ending, nothing around it (behaviour A.3)."""
    return normalize_whitespace(unicodedata.normalize("NFC", script)).strip()


def raise_any(errors: dict[str, list[str]]) -> None:
    errors = {attribute: messages for attribute, messages in errors.items() if messages}
    if errors:
        raise ValidationError(errors)
