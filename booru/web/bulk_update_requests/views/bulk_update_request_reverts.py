"""Undoing bulk update requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from booru.models import BulkUpdateRequestRevert
from booru.web.bulk_update_requests.limits import bulk_update_request_limit
from booru.web.bulk_update_requests.policies import BulkUpdateRequestPolicy
from booru.web.bulk_update_requests.records import revert_record
from booru.web.bulk_update_requests.views.bulk_update_requests import find_request, refused
from booru.web.http.policies import authorize
from booru.web.http.requests import logged_in_user
from booru.web.http.responses import created, path_of
from booru.web.limits.rate_limits import limited

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@limited(bulk_update_request_limit)
def create(request: HttpRequest, bur_id: int) -> HttpResponse:
    reverter = logged_in_user(request)
    bur = find_request(bur_id)
    authorize(BulkUpdateRequestPolicy(reverter, bur).can_revert)
    try:
        revert = BulkUpdateRequestRevert.objects.request(bur, reverter)
    except ValidationError as error:  # somebody else was quicker
        return refused(request, bur_id, "reverted", error)
    return created(request, path_of(bur), revert_record(revert), f"BUR #{bur.pk} is being reverted")
