"""Takes back what a line of a script did to aliases and implications, when it could not be carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from booru.models import Credit, TagAlias, TagImplication, User
from booru.models.tag_relationships.tag_relationship import TagRelationship, lock_tag_relationships

if TYPE_CHECKING:
    from datetime import datetime

    from booru.models import BulkUpdateRequest


@transaction.atomic
def take_back(bulk_update_request: BulkUpdateRequest, since: datetime) -> None:
    """Reject what the request has made since then, and restore what it has rejected.

    An alias whose posts cannot all move would be one that does not do what it says.
    """
    lock_tag_relationships()
    credit = Credit(User.objects.system(), bulk_update_request)
    for model in (TagAlias, TagImplication):
        recent = model._default_manager.filter(updated_at__gte=since)
        removed = recent.filter(status=TagRelationship.Status.DELETED, removed_by_request=bulk_update_request)
        before = list(removed.exclude(created_at__gte=since).values_list("pk", flat=True))
        made = recent.filter(status=TagRelationship.Status.ACTIVE, created_by_request=bulk_update_request)
        for relationship in made:
            relationship.reject(credit)
        model._default_manager.filter(pk__in=before).update(
            status=TagRelationship.Status.ACTIVE, removed_by_request=None, updated_at=timezone.now()
        )
