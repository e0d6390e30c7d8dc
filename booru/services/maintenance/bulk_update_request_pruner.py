"""Rejects bulk update requests that nobody approved in time (behaviour A.13)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from booru.models import BulkUpdateRequest, ForumPost, User

if TYPE_CHECKING:
    from django.db.models import QuerySet

WARNED_AFTER = timedelta(days=40)
REJECTED_AFTER = timedelta(days=45)
WARNING = "This bulk update request is pending automatic rejection in 5 days."
REJECTION = "This bulk update request has been rejected because it was not approved within 45 days."


def prune_bulk_update_requests() -> None:
    """Announce what will be rejected, once in each topic, and reject what was pending for 45 days."""
    _warn_old()
    _reject_expired()


def _warn_old() -> None:
    now, system = timezone.now(), User.objects.system()
    old = _pending().filter(created_at__range=(now - REJECTED_AFTER, now - WARNED_AFTER))
    for bur in old.select_related("forum_topic").order_by("id"):
        topic = bur.forum_topic
        if topic and not ForumPost.objects.filter(topic=topic, creator=system, body=WARNING).exists():
            ForumPost.objects.create_reply(topic, system, WARNING)


def _reject_expired() -> None:
    expired = _pending().filter(created_at__lt=timezone.now() - REJECTED_AFTER)
    for pk in list(expired.order_by("id").values_list("pk", flat=True)):
        _reject(pk)


@transaction.atomic
def _reject(pk: int) -> None:
    # Held, because somebody may approve it at this moment.
    bur = _pending().select_for_update(no_key=True).filter(pk=pk).first()
    if bur is None:
        return
    system = User.objects.system()
    if bur.forum_topic:
        ForumPost.objects.create_reply(bur.forum_topic, system, REJECTION)
    bur.reject(system)


def _pending() -> QuerySet[BulkUpdateRequest]:
    return BulkUpdateRequest.objects.filter(status=BulkUpdateRequest.Status.PENDING)
