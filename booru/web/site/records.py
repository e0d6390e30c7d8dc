"""Sent emails as programs get them (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booru.web.lists.records import columns

if TYPE_CHECKING:
    from mailers.models import SentMail

_SENT_MAIL_COLUMNS = (
    *("id", "created_at", "updated_at", "sent_at", "status", "reason", "mail", "subject", "recipient"),
    *("user_id", "message_id", "provider_message_id", "job_id", "request_id", "asker_id"),
)


def sent_mail_record(mail: SentMail) -> dict[str, Any]:
    return columns(mail, _SENT_MAIL_COLUMNS)
