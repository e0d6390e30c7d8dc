"""Between the password and the code of somebody with a second factor (behaviour I.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from booru.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest

LIFETIME = timedelta(minutes=15)
_PENDING = "pending_login"


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """Whose password was right, and where they want to go."""

    user: User
    url: str


def begin_second_step(request: HttpRequest, user: User, url: str) -> PendingLogin:
    """Remember that the password was right."""
    request.session[_PENDING] = {
        "user_id": user.pk,
        # A change of the password ends it.
        "hash": user.get_session_auth_hash(),
        "time": timezone.now().timestamp(),
        "url": url,
    }
    return PendingLogin(user, url)


def pending_login(request: HttpRequest) -> PendingLogin | None:
    """Who has yet to enter a code, unless that was too long ago."""
    pending = request.session.get(_PENDING)
    if pending is None or timezone.now().timestamp() - pending["time"] > LIFETIME.total_seconds():
        return None
    user = User.objects.filter(pk=pending["user_id"], is_deleted=False).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), pending["hash"]):
        return None
    return PendingLogin(user, pending["url"])


def end_second_step(request: HttpRequest) -> None:
    request.session.pop(_PENDING, None)
