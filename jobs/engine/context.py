"""What runs here: the job, and the web request that is behind it, saved with each job and email."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote_plus

from django.conf import settings
from django.utils.crypto import salted_hmac

from jobs.engine.requests.addresses import read_address

if TYPE_CHECKING:
    from django.http import HttpRequest

    from jobs.engine.models import BackgroundJob

# Query parameters and path segments named like these never leave the request. A setting may add to them.
_SECRET_NAME = re.compile(
    r"passw|secret|token|(^|[_\[])(api_)?key($|[_\]])|_key($|\])|(^|[_\[])(sig|sign|signature|otp|pin|code)($|[_\]])"
    r"|signed|session|csrf|auth",
    re.IGNORECASE,
)
_PARAMETER = re.compile(r"(^|[?&;])([^?&;=\s\"'<>]+)=([^&;\s\"'<>#]+)")
FILTERED = "[FILTERED]"
_MAX_URL_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class RequestContext:
    """A web request, as far as logs and mail headers may know it."""

    request_id: str | None = None
    method: str | None = None
    url: str | None = None  # absolute, with secrets in the query filtered
    user_id: int | None = None
    ip_addr: str | None = None
    session: str | None = None  # a keyed digest: a session key is a credential
    client_request_id: str | None = None  # what the client calls it: its own words, and no key to anything

    @classmethod
    def from_request(cls, request: HttpRequest) -> RequestContext:
        user = getattr(request, "user", None)
        session_key = getattr(getattr(request, "session", None), "session_key", None)
        return cls(
            request_id=getattr(request, "request_id", None),
            method=request.method,
            url=filtered_url(request),
            user_id=user.pk if user is not None and user.is_authenticated else None,
            ip_addr=client_ip(request),
            session=session_digest(session_key) if session_key else None,
            client_request_id=getattr(request, "client_request_id", None),
        )

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> RequestContext:
        """Unknown keys, from an older or newer version of the code, are left out."""
        return cls(**{name: values[name] for name in cls.__dataclass_fields__ if name in values})

    def to_json(self) -> dict[str, Any]:
        """Only what is known."""
        return {name: value for name, value in asdict(self).items() if value is not None}


EMPTY = RequestContext()
# A callable, so that a user who logs in during the request is seen by what is enqueued after that.
_current: ContextVar[Callable[[], RequestContext]] = ContextVar("request_context", default=lambda: EMPTY)


class RequestIds(NamedTuple):
    """What is known of a request without asking who the user is, which may take the database."""

    request_id: str | None = None
    client_request_id: str | None = None


_NO_IDS = RequestIds()
_current_ids: ContextVar[RequestIds] = ContextVar("request_ids", default=_NO_IDS)


def current_context() -> RequestContext:
    """The request that is being answered, or that enqueued the running job; an empty one otherwise."""
    return _current.get()()


def current_request_ids() -> RequestIds:
    """Its ids alone, for what must not ask the database, such as a log."""
    return _current_ids.get()


@contextmanager
def use_context(
    context: RequestContext | Callable[[], RequestContext], ids: RequestIds | None = None
) -> Iterator[None]:
    """Make this the current context inside the block; `ids` are those of one that is to be called later."""
    if isinstance(context, RequestContext):
        known, ids = context, RequestIds(context.request_id, context.client_request_id)
        token = _current.set(lambda: known)
    else:
        token = _current.set(context)
    ids_token = _current_ids.set(ids or _NO_IDS)
    try:
        yield
    finally:
        _current_ids.reset(ids_token)
        _current.reset(token)


def session_digest(session_key: str) -> str:
    """A digest that tells sessions apart and lets nobody log in with it."""
    return salted_hmac("jobs.engine.context.session", session_key, algorithm="sha256").hexdigest()[:32]


def filtered_url(request: HttpRequest) -> str:
    """The absolute URL, with the values of query parameters that are named like secrets filtered."""
    query = "&".join(
        f"{quote(name, safe='[]')}={FILTERED if is_secret(name) else quote(value, safe='')}"
        for name, values in request.GET.lists()
        for value in values
    )
    host = request.get_host() if _host_is_allowed(request) else "invalid.host"
    url = f"{request.scheme}://{host}{quote(request.path, safe='/:@!$&()*+,;=~')}"
    return f"{url}?{query}"[:_MAX_URL_LENGTH] if query else url[:_MAX_URL_LENGTH]


def without_secrets(text: str) -> str:
    """The text with the values of such parameters filtered in the addresses, or the query string, in it."""
    return _PARAMETER.sub(_filtered, text)


def _filtered(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]}={FILTERED}" if is_secret(unquote_plus(match[2])) else match[0]


def is_secret(name: str) -> bool:
    """Is a parameter of this name likely to hold a secret?"""
    extra = getattr(settings, "JOBS_SECRET_PARAMETERS", ())
    return bool(_SECRET_NAME.search(name)) or name in extra


def _host_is_allowed(request: HttpRequest) -> bool:
    try:
        request.get_host()
    except Exception:  # noqa: BLE001 -- DisallowedHost, whose answer is Django's business
        return False
    return True


def client_ip(request: HttpRequest) -> str | None:
    """The client's address; None when the server or the proxy does not tell it.

    Behind reverse proxies, JOBS_TRUSTED_PROXIES says how many of them add to X-Forwarded-For; further entries
    are the client's own words and are not believed. Whoever limits people by their addresses must treat those
    without one as one and the same stranger.
    """
    proxies = getattr(settings, "JOBS_TRUSTED_PROXIES", 0)
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    # An entry that a proxy left empty is its entry all the same: the one before it is the client's.
    told = forwarded.split(",") if proxies and forwarded.strip() else []
    told.append(request.META.get("REMOTE_ADDR") or "")
    return read_address(told[-(proxies + 1) :][0])


_current_job: ContextVar[BackgroundJob | None] = ContextVar("current_job", default=None)


def current_job() -> BackgroundJob | None:
    """The job that is running here, or None."""
    return _current_job.get()


@contextmanager
def use_job(job: BackgroundJob | None) -> Iterator[None]:
    """Make this the running job inside the block."""
    token = _current_job.set(job)
    try:
        yield
    finally:
        _current_job.reset(token)
