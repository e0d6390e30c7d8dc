"""An account with something of everything that a deletion keeps or removes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from booru.models import (
    ApiKey,
    Dmail,
    Favorite,
    FavoriteGroup,
    ForumTopic,
    ForumTopicVisit,
    LoginSession,
    ModAction,
    Post,
    PostVote,
    SavedSearch,
    User,
    UserEvent,
    UserFeedback,
    UserNameChangeRequest,
)
from booru.services.accounts.user_data_deletion import PREFERENCES
from tests.support.factories import BanFactory, PostFactory, UserFactory

if TYPE_CHECKING:
    from collections.abc import Iterable

PASSWORD = "password"
STATUSES = LoginSession.Status
_CHANGED = {
    "time_zone": "Europe/Berlin",
    "comment_threshold": 3,
    "default_image_size": "original",
    "favorite_tags": "solo",
    "blacklisted_tags": "guro\nspoilers",
    "custom_style": "body { color: red }",
    "per_page": 77,
    "theme": "dark",
    "totp_secret": "JBSWY3DPEHPK3PXP",
    "backup_codes": [12345678],
    "last_ip_addr": "1.2.3.4",
    "post_update_count": 9,
}


@dataclass(frozen=True)
class Account:
    user: User
    favorite: Post
    upvoted: Post
    downvoted: Post

    def scores(self) -> list[tuple[int, ...]]:
        """Of the three posts: fav_count, score, up_score, down_score."""
        fields = ("fav_count", "score", "up_score", "down_score")
        return list(Post.objects.order_by("pk").values_list(*fields))


def make_account(**fields: Any) -> Account:
    """Whoever has it likes one post, voted for another and against the third, as did somebody else."""
    now = timezone.now()
    preferences = dict.fromkeys(PREFERENCES, True) | {"enable_private_favorites": False}
    values = {**_CHANGED, **preferences, "last_logged_in_at": now, "last_forum_read_at": now, **fields}
    user, other = UserFactory(name="leaver", with_email=True, **values), UserFactory(name="stayer")
    favorite, upvoted, downvoted = (PostFactory(uploader=other) for _ in range(3))
    for person in (user, other):
        Favorite.objects.add(person, [favorite.pk])
        PostVote.objects.vote(person, [upvoted.pk], 1)
        PostVote.objects.vote(person, [downvoted.pk], -1)
        _give_belongings(person)
    _give_history(user, other)
    return Account(user, favorite, upvoted, downvoted)


def _give_belongings(user: User) -> None:
    ApiKey.objects.create(user=user, key=f"key of {user.name}")
    SavedSearch.objects.create(user=user, query="solo")
    for is_public in (True, False):
        FavoriteGroup.objects.create(creator=user, name=f"group {is_public}", is_public=is_public)
    for status in (STATUSES.ACTIVE, STATUSES.LOGGED_OUT, STATUSES.EXPIRED):
        LoginSession.objects.create(user=user, status=status)


def _give_history(user: User, other: User) -> None:
    topic = ForumTopic.objects.start(user, "Hello", "I am new.")
    ForumTopicVisit.objects.create(user=user, forum_topic=topic, last_read_at=timezone.now())
    UserFeedback.objects.give(user, other, "neutral", "Says hello.")
    BanFactory(user=user, banner=other, created_at=timezone.now() - timedelta(days=9))
    UserEvent.objects.create(user=user, category=UserEvent.Category.LOGIN)
    UserNameChangeRequest.objects.create(user=user, original_name="leaver0", desired_name="leaver")
    Dmail.objects.send(user, other, "Bye", "I am leaving.")
    PostFactory(uploader=user)
    ModAction.objects.log(other, ModAction.Category.USER_BAN, "banned", user)


def rows_of(user: User) -> dict[str, int]:
    """How many rows there are of each kind that a deletion keeps."""
    return {
        "posts": Post.objects.filter(uploader=user).count(),
        "forum topics": ForumTopic.objects.filter(creator=user).count(),
        "dmails": user.dmails.count(),
        "feedback": user.feedback.count(),
        "bans": user.bans.count(),
        "events": user.events.count(),
        "public groups": user.favorite_groups.filter(is_public=True).count(),
    }


def statuses_of(sessions: Iterable[LoginSession]) -> list[str]:
    return sorted(session.get_status_display() for session in sessions)
