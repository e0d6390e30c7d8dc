"""What moderators do with users, and what users say of each other."""

from django.urls import path

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.views import admin_users, user_name_change_requests

urlpatterns = [
    path("admin/users/<id:user_id>/edit", actions(GET=admin_users.edit), name="admin_edit_user"),
    *with_json("admin/users/<id:user_id>", actions(PUT=admin_users.update), "admin_user"),
    *with_json(
        "user_name_change_requests",
        actions(GET=user_name_change_requests.index, POST=user_name_change_requests.create),
        "user_name_change_requests",
    ),
    path(
        "user_name_change_requests/new",
        actions(GET=user_name_change_requests.new),
        name="new_user_name_change_request",
    ),
    *with_json(
        "user_name_change_requests/<id:change_id>",
        actions(GET=user_name_change_requests.show),
        "user_name_change_request",
    ),
]
