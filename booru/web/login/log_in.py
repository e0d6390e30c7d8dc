"""Logging somebody in and out: web session, login session, user event (behaviour I.3, I.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import auth
from django.db import transaction
from django.utils import timezone

from booru.models import User, UserEvent
from booru.services.accounts.api_keys import delete_api_keys
from booru.web.http.requests import current_user
from booru.web.login.known_places import remember_browser
from booru.web.login.login_sessions import (
    current_login_session,
    end_login_session,
    session_id_of,
    start_login_session,
)
from booru.web.login.reauthentication import mark_authenticated
from booru.web.login.user_events import record_event
from jobs.engine.context import client_ip

if TYPE_CHECKING:
    from django.http import HttpRequest

_PREVIOUS_SESSION_ID = "previous_session_id"


@transaction.atomic
def log_in(
    request: HttpRequest, user: User, category: UserEvent.Category = UserEvent.Category.LOGIN
) -> UserEvent:
    """Log `user` in, in place of anybody else, with a new session key and CSRF token.

    Nothing is asked here: the caller has seen the password, or whatever proves who it is.
    """
    end_login_session(request)
    old_key = request.session.session_key
    auth.login(request, user)
    if request.session.session_key in {None, old_key}:
        # Now, so that the event and the emails can tell it.
        request.session.cycle_key()
    start_login_session(request, user)
    mark_authenticated(request)
    remember_browser(request, user)
    user.last_logged_in_at = timezone.now()
    user.last_ip_addr = client_ip(request) or user.last_ip_addr
    # Not save(): the other fields may have changed since they were read.
    User.objects.filter(pk=user.pk).update(
        last_logged_in_at=user.last_logged_in_at, last_ip_addr=user.last_ip_addr
    )
    return record_event(request, user, category)


@transaction.atomic
def log_out(request: HttpRequest, category: UserEvent.Category = UserEvent.Category.LOGOUT) -> None:
    """Log out whoever is logged in, if anybody, and leave nothing in the session."""
    if user := current_user(request):
        record_event(request, user, category)
    end_login_session(request)
    drop_session(request)


def revoke_other_logins(request: HttpRequest, user: User) -> None:
    """After a change of the password: it ends every log-in of `user` but this one, which goes on.

    This one gets a new session key.
    """
    current = current_login_session(request)
    user.login_sessions.exclude(pk=current.pk if current else 0).revoke()
    auth.update_session_auth_hash(request, user)
    remember_browser(request, user)
    if current:
        user.login_sessions.filter(pk=current.pk).update(session_id=session_id_of(request))


def end_api_keys(request: HttpRequest, user: User) -> None:
    """After a change of the password: whoever knew the old one may have made a key to come back with."""
    for key_id in delete_api_keys(user):
        record_event(request, user, UserEvent.Category.API_KEY_DELETE, api_key_id=key_id)


def drop_session(request: HttpRequest) -> None:
    """Begin a new session that knows no more than the name of this one."""
    session_id = session_id_of(request)
    auth.logout(request)
    if session_id:
        request.session[_PREVIOUS_SESSION_ID] = session_id


def session_ids(request: HttpRequest) -> set[str]:
    """What the events of this browser may be found by, also those from before it logged out."""
    return {session_id_of(request), request.session.get(_PREVIOUS_SESSION_ID, "")} - {""}
