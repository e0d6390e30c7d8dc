"""Everything that may be in the way of somebody who logs in, in order (behaviour I.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from booru.models import User, UserEvent
from booru.visitors.networks import is_proxy
from booru.visitors.reach import SEED_PASSWORD, is_for_others
from booru.web.login.known_places import known_browser, remember_browser
from booru.web.login.login_limits import LoginTry, limit_login_verifications
from booru.web.login.user_events import record_event
from jobs.engine.context import client_ip
from mailers.content import tokens
from mailers.user_mailer import UserMailer

if TYPE_CHECKING:
    from django.http import HttpRequest

_LONG_AWAY = timedelta(days=182)

WRONG = "Incorrect username or password"
FROM_PROXY = "You cannot login from a proxy unless you have 2FA enabled"
KNOWN_TO_ALL = "Everybody knows that password. Reset it, or have it changed with manage.py changepassword"
NEW_LOCATION = "New login location detected. Check your email to continue"


class LoginRefused(Exception):
    """Somebody is not logged in; the text tells them why."""


def check_password(request: HttpRequest, name: str, password: str) -> User:
    """Whoever has this name or email address, and this password. Raises LoginRefused and TooManyRequests."""
    nobody, user = User.objects.system(), User.objects.by_name_or_email(name)
    is_somebody = user is not None and not user.is_deleted
    this_try = LoginTry(request, name, user if user and is_somebody else nobody, is_somebody)
    this_try.count()
    if user is None or user.is_deleted:
        # As long, and with the same work, as a wrong password: the time does not tell which accounts exist.
        User().set_password(password)
        _record_failure(request, user or nobody, is_kept=user is not None)
        raise LoginRefused(WRONG)
    if not user.check_password(password):
        _record_failure(request, user)
        raise LoginRefused(WRONG)
    if password == SEED_PASSWORD and is_for_others():
        _record_failure(request, user)
        raise LoginRefused(KNOWN_TO_ALL)
    this_try.forgive()
    return user


@transaction.atomic
def _record_failure(request: HttpRequest, user: User, *, is_kept: bool = True) -> None:
    record_event(request, user, UserEvent.Category.FAILED_LOGIN)
    transaction.set_rollback(not is_kept)


def check_proxy(request: HttpRequest, user: User) -> None:
    """Who has much to lose, or was away for long, does not come through a proxy. Raises LoginRefused."""
    last_visit = user.last_logged_in_at
    is_at_risk = user.is_approver or (last_visit and last_visit < timezone.now() - _LONG_AWAY)
    if not is_at_risk or user.totp_secret or not is_proxy(client_ip(request)):
        return
    _record_failure(request, user)
    raise LoginRefused(FROM_PROXY)


def check_location(request: HttpRequest, user: User) -> None:
    """Builders who come from elsewhere than ever before are sent an email first. Raises LoginRefused."""
    if not user.is_builder or not user.can_receive_email(require_verified=False):
        return
    address = client_ip(request)
    known = UserEvent.objects.filter(user=user).authorized()
    if known.from_network_of(address).exists() if address else known_browser(request, user):
        return
    limit_login_verifications(user)
    with transaction.atomic():
        event = record_event(request, user, UserEvent.Category.LOGIN_PENDING_VERIFICATION)
        UserMailer(request=request).login_verification(event).deliver_later()
    raise LoginRefused(NEW_LOCATION)


def is_for_location(token: str) -> bool:
    """Is it from an email about a new location, and still good?"""
    return _pending_login(token) is not None


def verify_location(request: HttpRequest, token: str) -> bool:
    """Let the user to whom this was emailed log in from here; tells whether the token is still good."""
    event = _pending_login(token)
    if event is None:
        return False
    verified = UserEvent.objects.filter(
        user=event.user, category=UserEvent.Category.LOGIN_VERIFICATION, metadata__login_event_id=event.pk
    )
    address = client_ip(request)
    # A link may be followed more than once; once for each place is enough.
    if not (address and verified.from_network_of(address).exists()):
        record_event(request, event.user, UserEvent.Category.LOGIN_VERIFICATION, login_event_id=event.pk)
    remember_browser(request, event.user)
    return True


def _pending_login(token: str) -> UserEvent | None:
    event_id = tokens.unsign("login_verification", token)
    if event_id is None:
        return None
    pending = UserEvent.objects.filter(category=UserEvent.Category.LOGIN_PENDING_VERIFICATION)
    return pending.select_related("user").filter(pk=event_id, user__is_deleted=False).first()
