"""The actions that are limited, and by how much (behaviour 0.6, A.11, A.14, E.7, F.8, I.3-I.5)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from booru.email_addresses import mailbox_key
from booru.models import BulkUpdateRequest, Dmail, ForumPostVote, Level, RateLimit
from booru.networks import is_public, network_of
from booru.web.http.errors import TooManyRequests
from booru.web.http.requests import current_user
from jobs.engine.context import client_ip, session_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from booru.models import User

    Action = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Limit:
    """A bucket that holds `burst` actions and gains `rate` of them a second."""

    bucket: str
    rate: float
    burst: float


def bulk_update_request_limit(user: User | None) -> Limit:
    bucket = "bulk_update_requests:write"
    if user and user.level >= Level.ADMIN:
        return Limit(bucket, 1, 50)
    is_known = user and (user.level >= Level.BUILDER or _has_old(BulkUpdateRequest, 4, user=user))
    return Limit(bucket, 1 / 60, 20 if is_known else 5)


# In place of the other limit when what was sent cannot be saved.
INVALID_BULK_UPDATE_REQUEST_LIMIT = Limit("bulk_update_requests:write:invalid", 1, 1)


def forum_post_vote_limit(user: User | None) -> Limit:
    bucket = "forum_post_votes:write"
    if user and _has_old(ForumPostVote, 24, creator=user):
        return Limit(bucket, 4 / 60, 20)
    return Limit(bucket, 1 / 60, 10)


def _has_old(model: type[Model], hours: int, **owner: User) -> bool:
    before = timezone.now() - timedelta(hours=hours)
    return model._default_manager.filter(created_at__lt=before, **owner).exists()


def preview_limit(_user: User | None) -> Limit:
    """They ask the database much."""
    return Limit("bulk_update_requests:preview", 1 / 3, 30)


# Lines of scripts that are checked, whatever for and however many a request has. A dry run asks more.
SCRIPT_LINES_LIMIT = Limit("bulk_update_requests:lines", 10, 1000)
_DRY_RUN_COST = 3


def dmail_limit(user: User | None) -> Limit:
    if user and user.level >= Level.BUILDER:
        return Limit("dmails:create", 4 / 60, 60)
    is_known = user and _has_old(Dmail, 24, owner=user, from_user=user)
    return Limit("dmails:create", 1 / 60 if is_known else 1 / 120, 5)


def moderation_report_limit(_user: User | None) -> Limit:
    return Limit("moderation_reports:create", 1 / 60, 10)


def signup_limit(_user: User | None) -> Limit:
    return Limit("users:create", 1 / 300, 3)


# In place of the other limit when what was sent cannot be saved.
INVALID_SIGNUP_LIMIT = Limit("users:create:invalid", 1, 10)


def login_limit(_user: User | None) -> Limit:
    """Also for entering the password again."""
    return Limit("sessions:create", 1 / 300, 5)


# Of each account or mailbox, wherever the log-ins come from: whoever has the password may not fill it.
LOGIN_VERIFICATION_LIMIT = Limit("login_verification", 1 / 60, 5)


def email_address_limit(action: str) -> Callable[[User | None], Limit]:
    """Of what users do with their own address."""
    return lambda _user: Limit(f"emails:{action}", 1 / 600, 3)


def others_email_address_limit(_user: User | None) -> Limit:
    """For admins who change the addresses of users."""
    return Limit("emails:update:others", 2 / 600, 5)


INVALID_EMAIL_ADDRESS_LIMIT = Limit("email_addresses:write:invalid", 1, 5)
# How often one address is asked for a confirmation, whoever makes us ask.
CONFIRMATION_LIMIT = Limit("emails:confirmation", 1 / 600, 5)


# Of each network, and of each name that keys are tried for. A right key is not counted, and always good.
WRONG_KEY_LIMIT = Limit("api_keys:wrong", 1 / 10, 30)


def password_reset_request_limit(_user: User | None) -> Limit:
    return Limit("password_resets:create", 1 / 60, 5)


# What one mailbox is sent, whoever asks for it.
PASSWORD_RESET_MAIL_LIMIT = Limit("password_resets:mail", 1 / 600, 5)


def password_reset_limit(_user: User | None) -> Limit:
    return Limit("password_resets:update", 1 / 1800, 50)


def password_change_limit(_user: User | None) -> Limit:
    return Limit("passwords:update", 1 / 300, 10)


def recovery_limit(_user: User | None) -> Limit:
    return Limit("backup_codes:recover", 1 / 60, 10)


def dmca_limit(_user: User | None) -> Limit:
    return Limit("dmca:create", 1 / 600, 3)


INVALID_DMCA_LIMIT = Limit("dmca:create:invalid", 1, 10)
# Anybody can give anybody's address.
DMCA_COPY_LIMIT = Limit("dmca:copy", 1 / 3600, 3)


def user_deletion_limit(_user: User | None) -> Limit:
    """It tells whether a password is right."""
    return Limit("users:destroy", 1 / 300, 5)


def write_limit(user: User | None) -> Limit:
    """For any write without a limit of its own."""
    return Limit("write", 4 if user and user.level >= Level.GOLD else 1, 200)


def limited(
    limit_for: Callable[[User | None], Limit], *, invalid: Limit | None = None
) -> Callable[[Action], Action]:
    """Refuse the action with TooManyRequests when its limit is reached; X-Rate-Limit tells what is left.

    With `invalid`, a form that was refused for what is in it counts in that bucket instead.
    """

    def decorate(action: Action) -> Action:
        @wraps(action)
        def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not settings.DANBOORU_RATE_LIMITS:
                return action(request, *args, **kwargs)
            limit = limit_for(current_user(request))
            take(limit, request)
            response = action(request, *args, **kwargs)
            if invalid and getattr(response, "is_refused_form", False):
                _give_back(limit, request)
                take(invalid, request)
            return response

        return checked

    return decorate


def limit_script(request: HttpRequest, script: str, *, is_dry_run: bool = False) -> None:
    """Count the lines of a script that is about to be checked. Raises TooManyRequests.

    Not for what is done with it, but for the work: so one that is refused counts like any other.
    """
    if not settings.DANBOORU_RATE_LIMITS:
        return
    lines = sum(1 for line in script.splitlines() if line.strip())
    limit, cost = SCRIPT_LINES_LIMIT, max(lines, 1) * (_DRY_RUN_COST if is_dry_run else 1)
    verdict = RateLimit.objects.take(
        limit.bucket, keys_of(request), rate=limit.rate, burst=limit.burst, cost=min(cost, limit.burst)
    )
    if verdict.is_limited:
        raise TooManyRequests


def limit_confirmations(address: str) -> None:
    """Count an email that asks this address for a confirmation, whoever makes us send it.

    Raises TooManyRequests. Not to be called in a transaction, which forgets the count when it is refused.
    """
    _limit_key(CONFIRMATION_LIMIT, mailbox_key(address))


def limit_dmca_copies(address: str) -> None:
    """Count a copy of a complaint for this address, whoever makes us send it. Raises TooManyRequests."""
    _limit_key(DMCA_COPY_LIMIT, mailbox_key(address))


def limit_login_verifications(user: User) -> None:
    """Count an email that asks whether it is the user who logs in. Raises TooManyRequests.

    By the mailbox only while nobody has shown that it is theirs: who gave a stranger's address shall neither
    fill the stranger's inbox nor keep the stranger from logging in.
    """
    is_known = user.email_address.is_verified
    key = f"users/{user.pk}" if is_known else mailbox_key(user.email_address.address)
    _limit_key(LOGIN_VERIFICATION_LIMIT, key)


def key_of_inbox(user: User) -> str:
    """Where the user's emails end, whoever else shares that; the account, for one without an address."""
    email_address = getattr(user, "email_address", None)
    return mailbox_key(email_address.address) if email_address else f"users/{user.pk}"


def _limit_key(limit: Limit, key: str) -> None:
    if is_limited(limit, key):
        raise TooManyRequests


def is_limited(limit: Limit, key: str) -> bool:
    """Count an attempt in this one bucket; says whether it is one too many."""
    if not settings.DANBOORU_RATE_LIMITS:
        return False
    return RateLimit.objects.take(limit.bucket, [key], rate=limit.rate, burst=limit.burst).is_limited


def take(limit: Limit, request: HttpRequest, keys: Iterable[str] | None = None) -> None:
    """Count an attempt in the buckets of the request, or in those of `keys`. Raises TooManyRequests."""
    keys = keys_of(request) if keys is None else keys
    verdict = RateLimit.objects.take(limit.bucket, keys, rate=limit.rate, burst=limit.burst)
    report = {**asdict(limit), "points": round(verdict.points, 3), "limited": verdict.is_limited}
    request.rate_limit = json.dumps(report)  # type: ignore[attr-defined]
    if verdict.is_limited:
        raise TooManyRequests


def _give_back(limit: Limit, request: HttpRequest) -> None:
    keys = keys_of(request)
    RateLimit.objects.take(limit.bucket, keys, rate=limit.rate, burst=limit.burst, cost=-1)


def keys_of(request: HttpRequest) -> list[str]:
    """Whose buckets a request takes from: the user's, the network's and the session's.

    All visitors whose address is unknown share one; users have one of their own at least.
    """
    keys = user_and_network_keys(request)
    if request.session.session_key:
        keys.append(f"session/{session_digest(request.session.session_key)}")
    return keys


def user_and_network_keys(request: HttpRequest) -> list[str]:
    user, address = current_user(request), client_ip(request)
    keys = [f"users/{user.pk}"] if user else []
    if address:
        keys.append(f"ip/{_network(address)}")
    elif not user:
        keys.append("ip/unknown")
    return keys


def _network(address: str) -> str:
    """Local addresses are used whole."""
    return str(network_of(address)) if is_public(address) else address
