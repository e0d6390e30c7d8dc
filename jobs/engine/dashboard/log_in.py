"""Where visitors of the dashboard log in."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, Resolver404, resolve, reverse


def log_in_url(request: HttpRequest) -> str:
    """The address that brings them back here; "" if they are logged in, or if there is no such page.

    It is LOGIN_URL, or where the project has no page there, the log-in of Django's admin.
    """
    if getattr(request.user, "is_authenticated", False):
        return ""
    address = _page_of_the_project() or _page_of_the_admin()
    if not address or request.method not in {"GET", "HEAD"}:
        return address
    mark = "&" if urlsplit(address).query else "?"
    return f"{address}{mark}{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}"


def _page_of_the_project() -> str:
    try:
        address = resolve_url(settings.LOGIN_URL)
        if not urlsplit(address).netloc:
            resolve(urlsplit(address).path)
    except (NoReverseMatch, Resolver404):
        return ""
    return address


def _page_of_the_admin() -> str:
    try:
        return reverse("admin:login")
    except NoReverseMatch:
        return ""
