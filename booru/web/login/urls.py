"""Logging in and out, signing up, the password again, login sessions."""

from django.urls import path

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.login.views import login_sessions, password_confirmations, sessions, signups, user_events

urlpatterns = [
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
    path("users/new", actions(GET=signups.new), name="signup"),
]
