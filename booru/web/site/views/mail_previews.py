"""Previews of the emails, for who works on them: only while DEBUG is on (behaviour G.8)."""

from __future__ import annotations

import email
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from functools import wraps
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from booru.visitors.reach import is_for_others
from booru.web.http.params import integer
from booru.web.site.mail_previews import PREVIEWS, preview_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

# An email shows itself and opens links in new tabs, nothing more.
_EMAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline';"
    " frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Preview:
    """An email as its receiver parses it."""

    name: str
    message: EmailMessage

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""


def while_debugging(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """There is no such page on a site that others use: it would show them the Owner's mail."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.DEBUG or is_for_others():
            raise Http404
        return view(request, *args, **kwargs)

    return checked


@while_debugging
def index(request: HttpRequest) -> HttpResponse:
    previews = [_preview(request, name) for name in PREVIEWS]
    return render(request, "mail_previews/index.html", {"previews": previews, "query": _query(request)})


@while_debugging
def show(request: HttpRequest, name: str) -> HttpResponse:
    context = {"preview": _preview(request, name), "names": list(PREVIEWS), "query": _query(request)}
    return render(request, "mail_previews/show.html", context)


@while_debugging
@xframe_options_sameorigin
def html(request: HttpRequest, name: str) -> HttpResponse:
    page = _preview(request, name).html.replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(page, headers={"Content-Security-Policy": _EMAIL_POLICY})


def _preview(request: HttpRequest, name: str) -> Preview:
    given = request.GET.get("id", "")
    user_id = integer(given)
    user = None if given and user_id is None else preview_user(user_id)
    if user is None or name not in PREVIEWS:
        raise Http404
    wire = PREVIEWS[name](user).message.message().as_bytes()
    return Preview(name, email.message_from_bytes(wire, policy=policy.default))


def _query(request: HttpRequest) -> str:
    """What keeps the user on the next page."""
    return f"?id={user_id}" if (user_id := integer(request.GET.get("id", ""))) is not None else ""
