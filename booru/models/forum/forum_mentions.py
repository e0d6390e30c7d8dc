"""Tells users that a forum post mentions them (behaviour E.8)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models.functions import Lower
from django.utils import timezone

from booru.dtext.prose import mention_excerpt, mentioned_names
from booru.models.accounts.user import User
from booru.models.messages.dmail import MAX_TITLE, Dmail
from booru.rules.user_names import normalize_user_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from booru.models.forum.forum_post import ForumPost

# Danbooru has no limits; one post shall not fill everybody's mailbox, nor one writer somebody's.
_MOST_MENTIONS = 20
_MOST_AN_HOUR = 10


def tell_mentioned(post: ForumPost, writer: User, before: str = "") -> None:
    """Send a dmail to each user whom the post mentions and the text `before` an edit did not.

    Not to `writer`, nor to the post's creator, nor to who may not see the topic; to twenty at most, and to
    each ten times an hour at most.
    """
    known = set(mentioned_names(before))
    names = [name for name in mentioned_names(post.body) if name not in known]
    if post.is_deleted or post.topic.is_deleted:
        return
    for user in _users(names[:_MOST_MENTIONS]):
        is_other = user.pk not in {writer.pk, post.creator_id}
        if is_other and post.topic.is_visible_to(user) and not _was_told_often(user, post.creator):
            Dmail.objects.send_automated(user, _title(post), _body(post, user))


def _users(names: Iterable[str]) -> Iterable[User]:
    # In one order, because each of their rows gets locked for its unread counter.
    return User.objects.alias(lower_name=Lower("name")).filter(lower_name__in=names).order_by("pk")


def _was_told_often(user: User, creator: User) -> bool:
    lately = Dmail.objects.filter(owner=user, created_at__gt=timezone.now() - timedelta(hours=1))
    told: int = lately.filter(from_user=User.objects.system(), title__startswith=_start(creator)).count()
    return told >= _MOST_AN_HOUR


def _start(creator: User) -> str:
    return f"{creator.name} mentioned you in topic #"


def _title(post: ForumPost) -> str:
    start = f"{_start(post.creator)}{post.topic_id} ("
    topic, room = post.topic.title, MAX_TITLE - len(start) - 1
    return f"{start}{topic if len(topic) <= room else topic[: room - 1] + '…'})"


def _body(post: ForumPost, user: User) -> str:
    # A quotation mark would end the link's text.
    link = (
        f'"{post.topic.title.replace(chr(34), chr(39))}":[{post.topic.get_absolute_url()}?page={post.page}]'
    )
    excerpt = mention_excerpt(post.body, normalize_user_name(user.name))
    return (
        f"@{post.creator.name} mentioned you in {post} ({link}). This is an excerpt from the message:\n\n"
        f"[quote]\n{excerpt}\n[/quote]"
    )
