"""How text with markup will look, before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from booru.web.params import body_fields
from booru.web.rate_limits import limited, preview_limit
from booru.web.requests import logged_in_user

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# The fields of the forms that have a preview.
_FIELDS = ("wiki_page[body]", "pool[description]", "dmail[body]", "body")


@limited(preview_limit)
def create(request: HttpRequest) -> HttpResponse:
    """For htmx the text alone; without JavaScript a page with it."""
    logged_in_user(request)
    fields = body_fields(request)
    text = next((str(fields[name]) for name in _FIELDS if name in fields), "")
    template = "text" if request.htmx else "page"  # type: ignore[attr-defined]
    return render(request, f"dtext_previews/{template}.html", {"text": text})
