"""Accounts: logging in, settings, email addresses, secrets."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.views import (
    api_keys,
    backup_codes,
    email_deliverability,
    emails,
    login_sessions,
    password_confirmations,
    password_resets,
    passwords,
    profiles,
    sessions,
    settings,
    signups,
    totp,
    unsubscribe,
    user_deletions,
    user_events,
    users,
)

urlpatterns = [
    # Accounts
    path("login", actions(GET=sessions.new, POST=sessions.allow_location), name="login"),
    *with_json("session", actions(POST=sessions.create, DELETE=sessions.destroy), "session"),
    *with_json(
        "session/verify_totp",
        actions(GET=sessions.new_code, POST=sessions.verify_code),
        "verify_totp",
    ),
    *with_json(
        "session/confirm_password",
        actions(GET=password_confirmations.new, POST=password_confirmations.create),
        "confirm_password",
    ),
    path("logout", actions(GET=sessions.confirm_logout, POST=sessions.destroy), name="logout"),
    *with_json("user_events", actions(GET=user_events.index), "user_events"),
    *with_json("login_sessions", actions(GET=login_sessions.index), "login_sessions"),
    path(
        "login_sessions/revoke_others",
        actions(POST=login_sessions.destroy_others),
        name="revoke_other_login_sessions",
    ),
    *with_json("login_sessions/<id:session_id>", actions(DELETE=login_sessions.destroy), "login_session"),
    path("profile", actions(GET=users.profile), name="profile"),
    path("settings", actions(GET=settings.show, PUT=settings.update), name="settings"),
    path("users/new", actions(GET=signups.new), name="signup"),
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
    # Passwords, second factors, API keys
    path(
        "password_reset",
        actions(GET=password_resets.show, POST=password_resets.create, PUT=password_resets.update),
        name="password_reset",
    ),
    path("password_reset/edit", actions(GET=password_resets.edit), name="edit_password_reset"),
    path("users/<id:user_id>/password", actions(PUT=passwords.update), name="password"),
    path("users/<id:user_id>/password/edit", actions(GET=passwords.edit), name="edit_password"),
    path("users/<id:user_id>/totp", actions(PUT=totp.update, DELETE=totp.destroy), name="totp"),
    path("users/<id:user_id>/totp/edit", actions(GET=totp.edit), name="edit_totp"),
    *with_json(
        "users/<id:user_id>/backup_codes",
        actions(GET=backup_codes.show, POST=backup_codes.create),
        "backup_codes",
    ),
    path(
        "users/<id:user_id>/backup_codes/recover",
        actions(GET=backup_codes.confirm_recovery, POST=backup_codes.recover),
        name="recover_backup_codes",
    ),
    path("users/<id:user_id>/backup_codes/recover.json", actions(POST=backup_codes.recover)),
    *with_json("api_keys", actions(GET=api_keys.index, POST=api_keys.create), "api_keys"),
    path("api_keys/new", actions(GET=api_keys.new), name="new_api_key"),
    *with_json("api_keys/<id:key_id>", actions(PUT=api_keys.update, DELETE=api_keys.destroy), "api_key"),
    path("api_keys/<id:key_id>/edit", actions(GET=api_keys.edit), name="edit_api_key"),
]
