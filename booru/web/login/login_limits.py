"""How often one may try a password or key, sign up, and have emails sent (behaviour I.3, I.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

from booru.email_addresses.spelling import canonicalize, correct, mailbox_key
from booru.models import RateLimit
from booru.rules.user_names import normalize_user_name
from booru.web.http.errors import TooManyRequests
from booru.web.limits.rate_limits import Limit, keys_of, limit_key, take
from booru.web.login.known_places import known_browser, place_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from booru.models import User


def signup_limit(_user: User | None) -> Limit:
    return Limit("users:create", 1 / 300, 3)


# In place of the other limit when what was sent cannot be saved.
INVALID_SIGNUP_LIMIT = Limit("users:create:invalid", 1, 10)


def login_limit(_user: User | None) -> Limit:
    """Also for entering the password again."""
    return Limit("sessions:create", 1 / 300, 5)


# Of each account or mailbox, wherever the log-ins come from: whoever has the password may not fill it.
LOGIN_VERIFICATION_LIMIT = Limit("login_verification", 1 / 60, 5)
# How often one address is asked for a confirmation, whoever makes us ask.
CONFIRMATION_LIMIT = Limit("emails:confirmation", 1 / 600, 5)
# Of each network, and of each name that keys are tried for. A right key is not counted, and always good.
WRONG_KEY_LIMIT = Limit("api_keys:wrong", 1 / 10, 30)
# Of one account, from all the places together that it was never logged in from: ten at once, then one in five
# minutes, and after thirty one an hour.
_STRANGERS = (
    Limit("sessions:create:strangers", 1 / 300, 10),
    Limit("sessions:create:strangers:slow", 1 / 3600, 30),
)
TOO_MANY = (
    "Somebody tried to log in to this account too often. Try again later, log in where you were logged in "
    "before, or reset your password."
)


@dataclass(frozen=True, slots=True)
class LoginTry:
    """A try to log in as `user`, whom `name` names.

    Without such an account `user` is somebody to look up in their place, and not `is_somebody`: it costs and
    answers the same.
    """

    request: HttpRequest
    name: str
    user: User
    is_somebody: bool

    def count(self) -> None:
        """Raises TooManyRequests."""
        if not settings.DANBOORU_RATE_LIMITS:
            return
        browser = known_browser(self.request, self.user)
        # A browser that is known has a bucket of its own: what strangers do in its network, or with an
        # address that is as unknown, does not keep it out.
        keys = [f"browser/{browser}/{self.user.pk}"] if browser else keys_of(self.request)
        take(login_limit(None), self.request, keys)
        seconds = _count(self._key()) if self._is_by_stranger() else 0
        if seconds:
            raise TooManyRequests(seconds, TOO_MANY)

    def forgive(self) -> None:
        """It was the right password: it does not count against the next one."""
        if settings.DANBOORU_RATE_LIMITS and self._is_by_stranger():
            _count(self._key(), cost=-1)

    def _is_by_stranger(self) -> bool:
        place = place_of(self.request, self.user)
        return not (self.is_somebody and place)

    def _key(self) -> str:
        """A name and an address have a bucket each: the limit must not tell that they are of one account."""
        kind = "email" if "@" in self.name else "name"
        if self.is_somebody:
            return f"users/{self.user.pk}/{kind}"
        plain = canonicalize(correct(self.name)) if kind == "email" else normalize_user_name(self.name)
        return f"nobody/{salted_hmac('booru.web.login_limits', plain).hexdigest()}"


def _count(key: str, cost: int = 1) -> float:
    """For one too many the seconds to wait, else 0."""
    verdicts = [
        RateLimit.objects.take(limit.bucket, [key], rate=limit.rate, burst=limit.burst, cost=cost)
        for limit in _STRANGERS
    ]
    return max(verdict.seconds for verdict in verdicts)


def limit_wrong_keys(request: HttpRequest, login: str) -> None:
    """Count an API key that was wrong, of this network and for this name. Raises TooManyRequests.

    Right keys are not counted: nobody keeps a user's programs out.
    """
    if settings.DANBOORU_RATE_LIMITS:
        name = salted_hmac("booru.web.login_limits.key", normalize_user_name(login)).hexdigest()
        take(WRONG_KEY_LIMIT, request, [*keys_of(request), f"login/{name}"])


def limit_confirmations(address: str) -> None:
    """Count an email that asks this address for a confirmation, whoever makes us send it.

    Raises TooManyRequests. Not to be called in a transaction, which forgets the count when it is refused.
    """
    limit_key(CONFIRMATION_LIMIT, mailbox_key(address))


def limit_login_verifications(user: User) -> None:
    """Count an email that asks whether it is the user who logs in. Raises TooManyRequests.

    By the mailbox only while nobody has shown that it is theirs: who gave a stranger's address shall neither
    fill the stranger's inbox nor keep the stranger from logging in.
    """
    is_known = user.email_address.is_verified
    key = f"users/{user.pk}" if is_known else mailbox_key(user.email_address.address)
    limit_key(LOGIN_VERIFICATION_LIMIT, key)
