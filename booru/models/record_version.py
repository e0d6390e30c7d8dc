"""What the versions of tags, wiki pages, pools and artists have in common."""

from django.conf import settings
from django.db import models


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
