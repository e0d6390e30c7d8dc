"""The forms of logging in, confirming it and signing up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from booru.web.http.forms import BooruForm

if TYPE_CHECKING:
    from typing import Self

    from django.http import HttpRequest


def password_field() -> forms.CharField:
    """For the password that one has."""
    widget = forms.PasswordInput({"autocomplete": "current-password"})
    return forms.CharField(required=False, strip=False, widget=widget)


def code_field(
    hint: str = "The code that your authenticator app shows, or one of your backup codes.",
) -> forms.CharField:
    """For a code of an authenticator app, or a backup code."""
    widget = forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})
    return forms.CharField(
        label="Verification code",
        required=False,
        help_text=hint,
        widget=widget,
    )


class LoginForm(BooruForm):
    root = "session"

    name = forms.CharField(
        label="Name or email", required=False, widget=forms.TextInput({"autocomplete": "username"})
    )
    password = password_field()


class CodeForm(BooruForm):
    root = "session"

    code = code_field()


class ConfirmPasswordForm(BooruForm):
    root = "session"
    attribute_labels = {"code": "Verification code"}

    password = password_field()
    code = code_field()


class SignupForm(BooruForm):
    root = "user"
    attribute_labels = {"password_confirmation": "", "email_address": "Email address"}
    renamed = {"address": "email_address", "normalized_address": "email_address"}

    # Danbooru's form names the address inside the address record; `user[email_address]` does as well.
    _nested = "email_address][address"

    name = forms.CharField(required=False, widget=forms.TextInput({"autocomplete": "username"}))
    email_address = forms.CharField(
        label="Email",
        required=False,
        help_text="Optional. Lets you recover the account and be told of messages.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    password = forms.CharField(
        required=False,
        strip=False,
        help_text="At least 5 characters.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password_confirmation = forms.CharField(
        label="Confirm password",
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    @classmethod
    def from_request(cls, request: HttpRequest, names: tuple[str, ...] | None = None) -> Self:
        return super().from_request(request, names or (*cls.base_fields, cls._nested, "url"))

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix(self._nested if field_name == "email_address" else field_name)

    def value(self, name: str) -> str:
        if name == "email_address" and not self.sent(name):
            return str(self.data.get(f"{self.root}[{name}]", ""))
        return super().value(name)
