"""The forms that prove who somebody is: log in, enter a code, confirm the password (behaviour I.4)."""

from django import forms

from booru.web.http.forms import BooruForm


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
