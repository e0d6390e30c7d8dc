"""Records what happened to an account, with where the request came from (behaviour I.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from booru.models import UserEvent
from booru.web.login.login_sessions import current_login_session, session_id_of
from jobs.engine.context import client_ip

if TYPE_CHECKING:
    from django.http import HttpRequest

    from booru.models import User

_USER_AGENT_LENGTH = 800
_PLACE_LENGTH = 100
_OMISSION = " ..."


def record_event(
    request: HttpRequest, user: User, category: UserEvent.Category, **metadata: Any
) -> UserEvent:
    """Save that this happened to `user` now; `metadata` must fit into JSON and hold no secret."""
    login_session = current_login_session(request)
    return UserEvent.objects.create(
        user=user,
        category=category,
        ip_addr=client_ip(request),
        session_id=session_id_of(request),
        # Somebody who is logged in may act on the account of another.
        login_session=login_session if login_session and login_session.user_id == user.pk else None,
        user_agent=shorten_user_agent(request.headers.get("User-Agent", "")),
        metadata={**_place(request), **metadata},
    )


def _place(request: HttpRequest) -> dict[str, str]:
    """Where the address is, as far as the proxy in front of us knows."""
    told = {part: request.headers.get(header, "") for part, header in settings.DANBOORU_PLACE_HEADERS.items()}
    return {part: text.replace("\0", "")[:_PLACE_LENGTH] for part, text in told.items() if text}


def shorten_user_agent(text: str) -> str:
    """As long as it may be, ending at a word."""
    text = text.replace("\0", "")
    if len(text) <= _USER_AGENT_LENGTH:
        return text
    stop = _USER_AGENT_LENGTH - len(_OMISSION)
    end = text.rfind(" ", 0, stop + 1)
    return text[: end if end > 0 else stop] + _OMISSION
