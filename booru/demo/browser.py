"""A browser without a screen: keeps cookies, fills in forms with their CSRF tokens, follows redirects."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, ProxyHandler, Request, build_opener

from booru.demo.errors import StepFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = 30
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_COMPLAINT = re.compile(
    r'<(?P<tag>\w+) class="(?:errors|field-errors|notice notice-error)"[^>]*>(?P<text>.*?)</(?P=tag)>',
    re.DOTALL,
)


@dataclass(frozen=True)
class Page:
    status: int
    url: str
    text: str
    request_id: str
    location: str

    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def complaint(self) -> str:
        """What the page says is wrong."""
        found = _COMPLAINT.search(self.text)
        return " ".join(re.sub(r"<[^>]+>", " ", found["text"]).split()) if found else ""


class _NoRedirects(HTTPRedirectHandler):
    """The answer to a form is looked at first."""

    def redirect_request(self, *_args: Any) -> None:
        return None


class Browser:
    """One person at the site. Every method raises StepFailed when the site does not answer as it should."""

    def __init__(self, site: str) -> None:
        self._site = site
        # No proxy between this machine and itself.
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()), _NoRedirects)

    @classmethod
    def logged_in(cls, site: str, name: str, password: str) -> Browser:
        browser = cls(site)
        browser.submit("/login", "/session", {"session[name]": name, "session[password]": password})
        return browser

    def get(self, path: str) -> Page:
        page = self._open(Request(urljoin(self._site, path)))  # noqa: S310 - an address of this machine
        while page.location:
            page = self._open(Request(page.location))  # noqa: S310
        if page.status != 200:
            raise StepFailed(f"GET {path} was answered with {page.status}")
        return page

    def submit(self, path: str, action: str, fields: Mapping[str, str] | None = None) -> Page:
        """Open the page at `path`, fill in its form that goes to `action`, and send it.

        Returns the answer, a redirect. Its page is opened too, as a browser would.
        """
        form = self._form(self.get(path), action)
        token = _TOKEN.search(form)
        if token is None:
            raise StepFailed(f"the form at {path} has no CSRF token")
        body = urlencode({"csrfmiddlewaretoken": token[1], **(fields or {})}).encode()
        headers = {"Referer": urljoin(self._site, path)}
        answer = self._open(Request(urljoin(self._site, action), body, headers))  # noqa: S310
        if not answer.location:
            raise StepFailed(
                f"POST {action} was answered with {answer.status}: {answer.complaint or 'no redirect'}"
            )
        self.get(answer.location)
        return answer

    def _form(self, page: Page, action: str) -> str:
        for attributes, content in _FORM.findall(page.text):
            if f'action="{action}"' in attributes:
                return str(content)
        raise StepFailed(f"{page.url} has no form that goes to {action}")

    def _open(self, request: Request) -> Page:
        try:
            try:
                response = self._opener.open(request, timeout=_SECONDS)
            except HTTPError as error:
                response = error
            with response:
                location = response.headers.get("Location") or ""
                return Page(
                    status=response.status,
                    url=request.full_url,
                    text=response.read().decode("utf-8", "replace"),
                    request_id=response.headers.get("X-Request-Id") or "",
                    location=urljoin(request.full_url, location) if location else "",
                )
        except (URLError, HTTPException, OSError) as error:
            raise StepFailed(
                f"{request.get_method()} {request.full_url} was not answered: {error}"
            ) from error
