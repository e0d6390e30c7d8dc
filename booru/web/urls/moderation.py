"""What moderators do with users, and what users say of each other."""

from django.urls import path

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.views import admin_users, bans, user_feedbacks, user_name_change_requests

urlpatterns = [
    path("admin/users/<id:user_id>/edit", actions(GET=admin_users.edit), name="admin_edit_user"),
    *with_json("admin/users/<id:user_id>", actions(PUT=admin_users.update), "admin_user"),
    *with_json("bans", actions(GET=bans.index, POST=bans.create), "bans"),
    path("bans/new", actions(GET=bans.new), name="new_ban"),
    *with_json("bans/<id:ban_id>", actions(GET=bans.show, PUT=bans.update, DELETE=bans.destroy), "ban"),
    path("bans/<id:ban_id>/edit", actions(GET=bans.edit), name="edit_ban"),
    *with_json(
        "user_feedbacks", actions(GET=user_feedbacks.index, POST=user_feedbacks.create), "user_feedbacks"
    ),
    path("user_feedbacks/new", actions(GET=user_feedbacks.new), name="new_user_feedback"),
    *with_json(
        "user_feedbacks/<id:feedback_id>",
        actions(GET=user_feedbacks.show, PUT=user_feedbacks.update),
        "user_feedback",
    ),
    path("user_feedbacks/<id:feedback_id>/edit", actions(GET=user_feedbacks.edit), name="edit_user_feedback"),
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
