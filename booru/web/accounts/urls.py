"""Users, their settings, email addresses and names."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

from booru.web.accounts.views import (
    admin_users,
    email_deliverability,
    emails,
    profiles,
    settings,
    unsubscribe,
    user_deletions,
    user_name_change_requests,
    users,
)
from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.login.views import signups

urlpatterns = [
    path("profile", actions(GET=users.profile), name="profile"),
    path("settings", actions(GET=settings.show, PUT=settings.update), name="settings"),
    *with_json("users", actions(GET=users.index, POST=signups.create), "users"),
    path(
        "maintenance/user/deletion",
        RedirectView.as_view(pattern_name="deactivate_user", query_string=True),
    ),
    path("users/deactivate", actions(GET=user_deletions.edit_own), name="deactivate_user"),
    *with_json("users/<id:user_id>", actions(GET=profiles.show, DELETE=user_deletions.destroy), "user"),
    path("users/<id:user_id>/deactivate", actions(GET=user_deletions.edit), name="deactivate_user"),
    *with_json(
        "users/<id:user_id>/email",
        actions(GET=emails.show_of_user, PUT=emails.update, DELETE=emails.destroy),
        "user_email",
    ),
    path("users/<id:user_id>/email/edit", actions(GET=emails.edit), name="edit_user_email"),
    path(
        "users/<id:user_id>/email/verify",
        actions(GET=emails.verify, POST=emails.confirm),
        name="email_verify",
    ),
    path(
        "users/<id:user_id>/email/send_confirmation",
        actions(POST=emails.send_confirmation),
        name="send_confirmation",
    ),
    *with_json("emails", actions(GET=emails.index), "emails"),
    *with_json("emails/<id:address_id>", actions(GET=emails.show), "email"),
    *with_json(
        "emails/<id:address_id>/deliverability",
        actions(PUT=email_deliverability.update),
        "email_deliverability",
    ),
    path(
        "maintenance/user/email_notification",
        # Mail programs unsubscribe without cookies (RFC 8058); the signed address is the proof.
        csrf_exempt(actions(GET=unsubscribe.show, POST=unsubscribe.destroy, DELETE=unsubscribe.destroy)),
        name="email_notification",
    ),
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
