"""Records as programs get them: the columns under Danbooru's names (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booru.web.lists.records import RECORD, columns

if TYPE_CHECKING:
    from booru.models import (
        EmailAddress,
        UserNameChangeRequest,
    )
    from mailers.models import SentMail

_SENT_MAIL_COLUMNS = (
    *("id", "created_at", "updated_at", "sent_at", "status", "reason", "mail", "subject", "recipient"),
    *("user_id", "message_id", "provider_message_id", "job_id", "request_id", "asker_id"),
)

_EMAIL_ADDRESS_COLUMNS = (
    *("id", "created_at", "updated_at", "user_id", "address", "normalized_address", "is_verified"),
    "is_deliverable",
)


def email_address_record(address: EmailAddress) -> dict[str, Any]:
    return columns(address, _EMAIL_ADDRESS_COLUMNS)


def sent_mail_record(mail: SentMail) -> dict[str, Any]:
    return columns(mail, _SENT_MAIL_COLUMNS)


def user_name_change_request_record(change: UserNameChangeRequest) -> dict[str, Any]:
    return columns(change, (*RECORD, "user_id", "original_name", "desired_name"))
