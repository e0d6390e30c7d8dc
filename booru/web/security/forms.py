"""The forms of passwords and second factors (behaviour I.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from booru.rules.truth_values import truth_value
from booru.web.http.forms import BooruForm, Checkbox
from booru.web.login.forms import code_field, password_field

if TYPE_CHECKING:
    from booru.models import User


def _new_password() -> forms.CharField:
    return forms.CharField(
        label="New password",
        required=False,
        strip=False,
        help_text="At least 5 characters.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


def _confirmation() -> forms.CharField:
    return forms.CharField(
        label="Confirm password",
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


class PasswordResetRequestForm(BooruForm):
    root = "user"

    name = forms.CharField(
        label="Name or email", required=False, widget=forms.TextInput({"autocomplete": "username"})
    )


class _PasswordForm(BooruForm):
    root = "user"
    attribute_labels = {"password_confirmation": "", "old_password": "Password"}

    def fit(self, user: User) -> None:
        """Ask for a code only who has a second factor."""
        if not user.totp_secret:
            del self.fields["verification_code"]


class PasswordResetForm(_PasswordForm):
    signed_id = forms.CharField(required=False, widget=forms.HiddenInput)
    password = _new_password()
    password_confirmation = _confirmation()
    verification_code = code_field()


class PasswordChangeForm(_PasswordForm):
    old_password = password_field()
    password = _new_password()
    password_confirmation = _confirmation()
    verification_code = code_field()
    delete_api_keys = forms.BooleanField(
        label="Delete my API keys",
        required=False,
        initial=True,
        help_text="Whoever knew the old password may have made one. Your programs need new ones then.",
        widget=Checkbox,
    )

    def fit(self, user: User) -> None:
        super().fit(user)
        if not user.api_keys.exists():
            del self.fields["delete_api_keys"]

    @property
    def deletes_api_keys(self) -> bool:
        """Unless somebody said no."""
        return truth_value(self.value("delete_api_keys")) is not False


class TotpForm(BooruForm):
    root = "user"

    signed_secret = forms.CharField(required=False, widget=forms.HiddenInput)
    verification_code = code_field("The six digits that the app shows now.")
