"""Bulk update requests."""

from django.urls import path

from booru.web.bulk_update_requests.views import (
    bulk_update_request_previews,
    bulk_update_request_reverts,
    bulk_update_requests,
)
from booru.web.http.actions import actions
from booru.web.http.routes import with_json

urlpatterns = [
    *with_json(
        "bulk_update_requests",
        actions(GET=bulk_update_requests.index, POST=bulk_update_requests.create),
        "bulk_update_requests",
    ),
    path("bulk_update_requests/new", actions(GET=bulk_update_requests.new), name="new_bulk_update_request"),
    *with_json(
        "bulk_update_requests/preview",
        actions(POST=bulk_update_request_previews.preview_new),
        "preview_bulk_update_request",
    ),
    path(
        "bulk_update_requests/dry_run",
        actions(
            POST=bulk_update_request_previews.dry_run_of_script,
            PUT=bulk_update_request_previews.dry_run_of_script,
        ),
        name="dry_run_bulk_update_script",
    ),
    *with_json(
        "bulk_update_requests/<id:bur_id>",
        actions(
            GET=bulk_update_requests.show,
            PUT=bulk_update_requests.update,
            DELETE=bulk_update_requests.reject,
        ),
        "bulk_update_request",
    ),
    path(
        "bulk_update_requests/<id:bur_id>/edit",
        actions(GET=bulk_update_requests.edit),
        name="edit_bulk_update_request",
    ),
    *with_json(
        "bulk_update_requests/<id:bur_id>/preview",
        # The form that it previews is one of an update.
        actions(
            POST=bulk_update_request_previews.preview_edit, PUT=bulk_update_request_previews.preview_edit
        ),
        "preview_edited_bulk_update_request",
    ),
    *with_json(
        "bulk_update_requests/<id:bur_id>/dry_run",
        actions(GET=bulk_update_request_previews.dry_run_of_request),
        "dry_run_bulk_update_request",
    ),
    *with_json(
        "bulk_update_requests/<id:bur_id>/approve",
        actions(POST=bulk_update_requests.approve),
        "approve_bulk_update_request",
    ),
    *with_json(
        "bulk_update_requests/<id:bur_id>/revert",
        actions(POST=bulk_update_request_reverts.create),
        "revert_bulk_update_request",
    ),
]
