"""What the versions of tags, wiki pages, pools and artists have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from datetime import datetime

    from booru.models.versions.credit import Credit


class RecordVersion(models.Model):
    """A record as it was after one edit; `version` counts from 1."""

    version = models.PositiveIntegerField()
    updater = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The request that the edit was a part of.
    bulk_update_request = models.ForeignKey(
        "booru.BulkUpdateRequest", models.SET_NULL, null=True, blank=True, related_name="%(class)ss"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True

    def continues(self, credit: Credit, since: datetime) -> bool:
        """Does an edit belong to it: by the same hand, for the same request, the last one after `since`?"""
        request_id = credit.bulk_update_request.pk if credit.bulk_update_request else None
        is_same_hand = self.updater_id == credit.user.pk and self.bulk_update_request_id == request_id
        return is_same_hand and self.updated_at > since
