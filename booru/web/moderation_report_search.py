"""Search of moderation reports."""

from __future__ import annotations

from booru.models import ModerationReport, User
from booru.web.lists.search import Search
from booru.web.lists.search_fields import dates, enumeration, numbers, related, renamed, strings, texts, users
from booru.web.lists.user_search import USER_SEARCH

MODERATION_REPORT_SEARCH = Search[ModerationReport](
    numbers("id"),
    dates("created_at", "updated_at"),
    texts("reason"),
    enumeration("status", ModerationReport.Status),
    # Danbooru's names.
    renamed(numbers("subject_id"), subject_id="model_id"),
    renamed(strings("subject_type"), subject_type="model_type"),
    users("creator", "updater"),
    related={"creator": related("creator", USER_SEARCH, User.objects.all())},
)
