"""What the layout needs on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from booru.models import Ban, Level
from booru.models.accounts.user import Theme
from booru.rules.blacklists import Blacklist
from booru.web.http.requests import current_user
from booru.web.mailbox.unread_notice import newest_unread_dmail

if TYPE_CHECKING:
    from django.http import HttpRequest


def layout(request: HttpRequest) -> dict[str, Any]:
    """The site's name, who is logged in, how they like it, and what they are to be told of."""
    user = current_user(request)
    return {
        "app_name": settings.DANBOORU_APP_NAME,
        "viewer": user,
        "viewer_level": user.level if user else Level.ANONYMOUS,
        "newest_unread_dmail": newest_unread_dmail(request),
        "theme": user.theme if user else Theme.AUTO,
        # Read only where posts are listed.
        "blacklist": SimpleLazyObject(lambda: Blacklist.parse(user.blacklisted_tags if user else "")),
        "own_ban": Ban.objects.current(user) if user and user.is_banned else None,
    }
