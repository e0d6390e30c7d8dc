"""How much people who are no builders may change in a minute (behaviour D.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError

from booru.models import Post, RateLimit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booru.models import User
    from booru.posts.tag_edits.tag_edit import TagEdit

_NEW_TAGS = 20
_CHANGED_TAGS = 100
_TERMS = 2500
_METATAGS = 100
_WAIT = "Wait a while and try again"


def limit_terms(edit: TagEdit) -> None:
    """Raises ValidationError for what no person writes, because each term costs a look-up."""
    if len(edit.add) + len(edit.remove) > _TERMS:
        raise ValidationError(f"You can't add or remove more than {_TERMS} tags at once")
    if len(edit.categories) + len(edit.fields) + len(edit.actions) > _METATAGS:
        raise ValidationError(f"You can't use more than {_METATAGS} metatags at once")


def limit_new_tags(user: User, number: int) -> None:
    """Raises ValidationError for more than 20 new tags a minute."""
    if number and not _may(user, "posts:new_tags", _NEW_TAGS, number):
        raise ValidationError(f"You can't create more than {_NEW_TAGS} new tags per 1 minute. {_WAIT}")


def limit_changes(user: User, sizes: Mapping[int, int]) -> None:
    """Raises ValidationError for more than 100 tags changed a minute on other people's posts.

    sizes: how many tags change on each post.
    """
    if not _is_limited(user):
        return
    others = Post.objects.filter(pk__in=sizes).exclude(uploader=user).values_list("pk", flat=True)
    number = sum(sizes[post_id] for post_id in others)
    if number and not _may(user, "posts:changed_tags", _CHANGED_TAGS, number):
        message = f"You can't add or remove more than {_CHANGED_TAGS} tags per 1 minute. {_WAIT}"
        raise ValidationError(message)


def _may(user: User, action: str, a_minute: int, number: int) -> bool:
    if not _is_limited(user):
        return True
    verdict = RateLimit.objects.take(
        action, [f"users/{user.pk}"], rate=a_minute / 60, burst=a_minute, cost=number
    )
    return not verdict.is_limited


def _is_limited(user: User) -> bool:
    return bool(settings.DANBOORU_RATE_LIMITS) and not user.is_builder
