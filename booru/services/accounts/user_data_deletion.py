"""What goes when an account was deleted, in its job (behaviour I.2).

Each step commits by itself and can be repeated, so that a job that died goes on where it was. The settings
are last: they tell whether the favorites were private.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from booru.models import EmailAddress, Favorite, PostVote, User
from jobs.engine import progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

_BATCH = 200
PREFERENCES: Final = (
    "receive_email_notifications",
    "enable_private_favorites",
    "enable_safe_mode",
    "enable_desktop_mode",
    "new_post_navigation_layout",
    "show_deleted_posts",
    "show_deleted_children",
    "disable_categorized_saved_searches",
    "disable_tagged_filenames",
    "disable_mobile_gestures",
    "disable_post_tooltips",
)
SETTINGS: Final = (
    "time_zone",
    "comment_threshold",
    "default_image_size",
    "favorite_tags",
    "blacklisted_tags",
    "custom_style",
    "per_page",
    "theme",
    "last_logged_in_at",
    "last_forum_read_at",
    "totp_secret",
    "backup_codes",
    "last_totp_step",
)


def finish_deletion(user: User) -> None:
    """Not in a transaction; does nothing when the user was undeleted since."""
    user.refresh_from_db()
    if not user.is_deleted:
        return
    user.api_keys.all().delete()
    user.forum_topic_visits.all().delete()
    user.saved_searches.all().delete()
    user.favorite_groups.filter(is_public=False).delete()
    user.login_sessions.all().revoke()
    _take_back_votes(user, -1)
    if user.enable_private_favorites:
        delete_favorites(user)
        _take_back_votes(user, 1)
    _reset_settings(user)


def delete_favorites(user: User) -> None:
    """Remove every favorite with its upvote; the counters follow. Each batch commits by itself."""
    done = 0
    for ids in _batches(Favorite.objects.filter(user=user)):
        done += Favorite.objects.remove(user, ids)
        progress.report(done, None, "favorites removed")


def _take_back_votes(user: User, score: int) -> None:
    """The posts' scores follow. Each batch commits by itself."""
    done = 0
    for ids in _batches(PostVote.objects.active().filter(user=user, score=score)):
        done += PostVote.objects.take_back(user, ids, score)
        progress.report(done, None, "votes taken back")


def _batches(records: QuerySet[Favorite] | QuerySet[PostVote]) -> Iterator[list[int]]:
    """The ids of their posts, from the lowest; what is behind is not looked at again."""
    last = 0
    posts = records.order_by("post_id").values_list("post_id", flat=True)
    while ids := list(posts.filter(post_id__gt=last)[:_BATCH]):
        yield ids
        last = ids[-1]


@transaction.atomic
def _reset_settings(user: User) -> None:
    # A user whom nobody has touched.
    fresh = User()
    values = {name: getattr(fresh, name) for name in SETTINGS} | dict.fromkeys(PREFERENCES, False)
    if User.objects.filter(pk=user.pk, is_deleted=True).update(**values, updated_at=timezone.now()):
        EmailAddress.objects.filter(user=user).delete()
