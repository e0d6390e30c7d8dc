"""Ties a web session to the login session that its user can see and revoke (behaviour I.6)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from booru.models import LoginSession
from jobs.engine.context import session_digest

if TYPE_CHECKING:
    from django.http import HttpRequest

    from booru.models import User
    from booru.models.accounts.login_session import LoginSessionQuerySet

# How exactly we know when somebody was last here.
SEEN_RESOLUTION = timedelta(minutes=5)
_LOGIN_ID = "login_id"


def session_id_of(request: HttpRequest) -> str:
    """What tells the web session from others, as in the headers of emails; "" when there is none."""
    key = request.session.session_key
    return session_digest(key) if key else ""


def has_login_id(request: HttpRequest) -> bool:
    return _LOGIN_ID in request.session


def current_login_session(request: HttpRequest) -> LoginSession | None:
    """That of who is logged in with this web session, whatever its status."""
    login_id = request.session.get(_LOGIN_ID)
    return LoginSession.objects.filter(login_id=login_id).first() if login_id else None


def other_login_sessions(request: HttpRequest, user: User) -> LoginSessionQuerySet:
    """Those of the user that are active in other browsers than this."""
    current = current_login_session(request)
    active = LoginSession.objects.filter(user=user).active()
    return active.exclude(pk=current.pk) if current else active


def start_login_session(request: HttpRequest, user: User) -> LoginSession:
    login_session = LoginSession.objects.create(user=user, session_id=session_id_of(request))
    request.session[_LOGIN_ID] = str(login_session.login_id)
    return login_session


def end_login_session(request: HttpRequest) -> None:
    """Mark it as logged out; the web session stays as it is."""
    if login_id := request.session.pop(_LOGIN_ID, None):
        LoginSession.objects.filter(login_id=login_id).log_out()


def note_use(request: HttpRequest, login_session: LoginSession) -> None:
    """Keep when it was last used; the cookie lives on from the first use of each day."""
    now, seen = timezone.now(), login_session.last_seen_at
    if seen > now - SEEN_RESOLUTION:
        return
    LoginSession.objects.filter(pk=login_session.pk).update(last_seen_at=now)
    if seen.date() != now.date():
        request.session.modified = True
