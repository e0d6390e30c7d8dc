"""What moderators do, as programs get it (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booru.web.lists.records import RECORD, columns

if TYPE_CHECKING:
    from booru.models import Ban, ModAction, ModerationReport, UserFeedback

_MOD_ACTION_COLUMNS = (
    *("id", "created_at", "updated_at", "creator_id", "description", "subject_type", "subject_id"),
)
_USER_FEEDBACK_COLUMNS = ("user_id", "creator_id", "category", "body", "is_deleted")


def mod_action_record(action: ModAction) -> dict[str, Any]:
    """The category is told by its name."""
    return {**columns(action, _MOD_ACTION_COLUMNS), "category": action.category_name}


def moderation_report_record(report: ModerationReport) -> dict[str, Any]:
    return {
        **columns(report, (*RECORD, "creator_id", "reason", "updater_id")),
        "model_type": report.subject_type,
        "model_id": report.subject_id,
        "status": report.status_name,
    }


def ban_record(ban: Ban) -> dict[str, Any]:
    """The duration is told in seconds."""
    record = columns(ban, (*RECORD, "user_id", "banner_id", "reason"))
    return {**record, "duration": int(ban.duration.total_seconds())}


def user_feedback_record(feedback: UserFeedback) -> dict[str, Any]:
    return columns(feedback, (*RECORD, *_USER_FEEDBACK_COLUMNS))
