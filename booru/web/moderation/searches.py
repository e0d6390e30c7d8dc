"""Search of bans, feedback, reports and moderators' actions (behaviour E.6, I.7, I.8)."""

from __future__ import annotations

from django.db.models import Q

from booru.models import Ban, ModAction, ModerationReport, User, UserFeedback
from booru.rules.truth_values import truth_value
from booru.search.conditions import NOTHING
from booru.web.lists.search import Search
from booru.web.lists.search_fields import (
    booleans,
    dates,
    enumeration,
    numbers,
    related,
    renamed,
    strings,
    texts,
    users,
)
from booru.web.lists.user_search import USER_SEARCH

MOD_ACTION_SEARCH = Search[ModAction](
    numbers("id", "subject_id"),
    dates("created_at", "updated_at"),
    texts("description"),
    strings("subject_type"),
    enumeration("category", ModAction.Category),
    users("creator"),
    related={"creator": related("creator", USER_SEARCH, User.objects.all())},
    orders={"created_at_desc": ("-created_at", "-pk"), "created_at_asc": ("created_at", "pk")},
)

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


def _is_expired(text: str) -> Q:
    expired = truth_value(text)
    if expired is None:
        return NOTHING
    active = Q(pk__in=Ban.objects.active().order_by().values("pk"))
    return ~active if expired else active


BAN_SEARCH = Search[Ban](
    numbers("id"),
    dates("created_at", "updated_at"),
    texts("reason"),
    users("user", "banner"),
    {"expired": _is_expired},
    related={name: related(name, USER_SEARCH, User.objects.all()) for name in ("user", "banner")},
)
USER_FEEDBACK_SEARCH = Search[UserFeedback](
    numbers("id"),
    dates("created_at", "updated_at"),
    texts("body"),
    enumeration("category", UserFeedback.Category),
    booleans("is_deleted"),
    users("user", "creator"),
    related={name: related(name, USER_SEARCH, User.objects.all()) for name in ("user", "creator")},
)
