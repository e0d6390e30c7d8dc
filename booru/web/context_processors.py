"""What the layout needs on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from booru.blacklists import Blacklist
from booru.models import Dmail, Level
from booru.models.user import Theme
from booru.web.requests import current_user

if TYPE_CHECKING:
    from django.http import HttpRequest

HIDE_NOTICE_COOKIE = "hide_dmail_notice"


def layout(request: HttpRequest) -> dict[str, Any]:
    """The site's name, who is logged in and how they like it, and the newest unread dmail to be told of."""
    user = current_user(request)
    newest = None
    # The counter is on the user's row already; who has nothing unread costs no query.
    if user and user.unread_dmail_count:
        unread = Dmail.objects.filter(owner=user, is_read=False, is_deleted=False)
        newest = unread.select_related("from_user").order_by("-pk").first()
    if newest and request.COOKIES.get(HIDE_NOTICE_COOKIE) == str(newest.pk):
        newest = None
    return {
        "app_name": settings.DANBOORU_APP_NAME,
        "viewer": user,
        "viewer_level": user.level if user else Level.ANONYMOUS,
        "newest_unread_dmail": newest,
        "theme": user.theme if user else Theme.AUTO,
        # Read only where posts are listed.
        "blacklist": SimpleLazyObject(lambda: Blacklist.parse(user.blacklisted_tags if user else "")),
    }
