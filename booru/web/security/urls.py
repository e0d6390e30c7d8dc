"""Passwords, second factors, backup codes."""

from django.urls import path

from booru.web.http.actions import actions
from booru.web.http.routes import with_json
from booru.web.security.views import backup_codes, password_resets, passwords, totp

urlpatterns = [
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
]
