"""How text with markup will look, before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from booru.models.forum import forum_post
from booru.models.messages import dmail
from booru.models.moderation import ban, user_feedback
from booru.models.pages import pool, wiki_page
from booru.rules.text import dtext_attribute
from booru.web.bulk_update_requests.limits import preview_limit
from booru.web.http.errors import Unprocessable
from booru.web.http.params import body_fields
from booru.web.http.requests import logged_in_user
from booru.web.limits.rate_limits import limited

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# The fields of the forms that have a preview, and how much each of them takes. "body" is for programs.
_FIELDS = {
    "wiki_page[body]": wiki_page.MAX_BODY,
    "pool[description]": pool.MAX_DESCRIPTION,
    "dmail[body]": dmail.MAX_BODY,
    "user_feedback[body]": user_feedback.MAX_BODY,
    "ban[reason]": ban.MAX_REASON,
    "body": forum_post.MAX_BODY,
}


@limited(preview_limit)
def create(request: HttpRequest) -> HttpResponse:
    """For htmx the text alone; without JavaScript a page with it. Refuses what the field would refuse."""
    logged_in_user(request)
    fields = body_fields(request)
    name = next((name for name in _FIELDS if name in fields), "body")
    text = dtext_attribute(str(fields.get(name, "")))
    if len(text) > _FIELDS[name]:
        raise Unprocessable(f"That is too long (maximum is {_FIELDS[name]} characters)")
    template = "text" if request.htmx else "page"  # type: ignore[attr-defined]
    return render(request, f"dtext_previews/{template}.html", {"text": text})
