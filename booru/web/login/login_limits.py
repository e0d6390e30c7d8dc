"""How often a password may be tried: by network and session, and of each account by strangers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

from booru.email_addresses import canonicalize, correct
from booru.models import RateLimit
from booru.user_names import normalize_user_name
from booru.web.http.errors import TooManyRequests
from booru.web.limits.rate_limits import WRONG_KEY_LIMIT, Limit, keys_of, login_limit, take
from booru.web.login.known_places import known_browser, place_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from booru.models import User

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
        if self._is_by_stranger() and _count(self._key()):
            raise TooManyRequests(TOO_MANY)

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


def _count(key: str, cost: int = 1) -> bool:
    """True for one too many."""
    verdicts = [
        RateLimit.objects.take(limit.bucket, [key], rate=limit.rate, burst=limit.burst, cost=cost)
        for limit in _STRANGERS
    ]
    return any(verdict.is_limited for verdict in verdicts)


def limit_wrong_keys(request: HttpRequest, login: str) -> None:
    """Count an API key that was wrong, of this network and for this name. Raises TooManyRequests.

    Right keys are not counted: nobody keeps a user's programs out.
    """
    if settings.DANBOORU_RATE_LIMITS:
        name = salted_hmac("booru.web.login_limits.key", normalize_user_name(login)).hexdigest()
        take(WRONG_KEY_LIMIT, request, [*keys_of(request), f"login/{name}"])
