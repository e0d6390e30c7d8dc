"""Requests whose level is told."""

from booru.models import BulkUpdateRequest, Level
from tests.booru.web.visitors import ME


class Bur(BulkUpdateRequest):
    """A request whose level is told instead of worked out from its script."""

    approval_level = Level.ADMIN

    class Meta:
        proxy = True
        app_label = "booru"


def bur(status="pending", user_id=ME, level=Level.ADMIN):
    record = Bur(pk=1, status=status, user_id=user_id)
    record.approval_level = level
    return record
