"""The notice of unread messages on every page, and the cookie that hides it (behaviour E.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from booru.models import Dmail
from booru.web.http.params import integer
from booru.web.http.requests import current_user

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_COOKIE = "hide_dmail_notice"
_YEAR = 365 * 24 * 60 * 60


def newest_unread_dmail(request: HttpRequest) -> Dmail | None:
    """The one to tell of; None when there is none, or when its notice was hidden."""
    user = current_user(request)
    if getattr(request, "api_key", None):
        # Programs are told nothing that they did not ask for.
        return None
    # The counter is on the user's row already; who has nothing unread costs no query.
    if user is None or not user.unread_dmail_count:
        return None
    newest = Dmail.objects.unread().filter(owner=user).select_related("from_user").first()
    hidden_up_to = integer(request.COOKIES.get(_COOKIE, "")) or 0
    return newest if newest and newest.pk > hidden_up_to else None


def hide_unread_notice(response: HttpResponse, dmail_id: int) -> None:
    """Until there is an unread dmail that is newer than this one."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(_COOKIE, str(dmail_id), max_age=_YEAR, samesite="Lax", secure=secure)
