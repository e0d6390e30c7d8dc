"""Users, their events and login sessions as programs get them (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booru.web.lists.records import RECORD, columns

if TYPE_CHECKING:
    from booru.models import LoginSession, User, UserEvent

_USER_COLUMNS = ("id", "name", "level", "created_at", "post_update_count", "is_banned", "is_deleted")
_USER_EVENT_COLUMNS = (
    *("id", "created_at", "updated_at", "user_id", "ip_addr", "session_id", "login_session_id"),
    *("user_agent", "metadata"),
)
_LOGIN_SESSION_COLUMNS = (*RECORD, "user_id", "session_id", "last_seen_at")


def user_record(user: User) -> dict[str, Any]:
    return {**columns(user, _USER_COLUMNS), "level_string": user.level_name}


def user_event_record(event: UserEvent) -> dict[str, Any]:
    """The category is told by its name."""
    return {**columns(event, _USER_EVENT_COLUMNS), "category": event.category_name}


def login_session_record(login_session: LoginSession, current: LoginSession | None) -> dict[str, Any]:
    """The status is told by its name."""
    own = {"status": login_session.status_name, "is_current": login_session == current}
    return {**columns(login_session, _LOGIN_SESSION_COLUMNS), **own}
