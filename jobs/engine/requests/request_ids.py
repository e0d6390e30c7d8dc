"""The id of each request: ours, or a trusted proxy's; what a client calls it is kept beside it."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest

_SAFE_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_LENGTH = 255


def identify(request: HttpRequest) -> tuple[str, str | None]:
    """The id of the request, and the one that its client gave it.

    Ids are no secret: every recipient of an email reads one. So what a visitor who sends it does must not be
    listed with what somebody else did. With JOBS_TRUSTED_PROXIES the proxy's id is taken over, when it is of
    letters, digits, "-" and "_" (at most 255); the proxy must set X-Request-Id itself, never pass on the
    client's.
    """
    given = request.headers.get("X-Request-Id", "")
    if not given:
        return str(uuid.uuid4()), None
    if getattr(settings, "JOBS_TRUSTED_PROXIES", 0) and _SAFE_ID.fullmatch(given):
        return given, None
    return str(uuid.uuid4()), clean(given)


def clean(client_id: str) -> str:
    """A client's id as it is kept: no longer than ours may be, on one line, with "_" for strange letters."""
    return _UNSAFE.sub("_", client_id[:_LENGTH])
