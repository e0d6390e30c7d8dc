"""The form to sign up (behaviour I.3)."""

from django import forms

from booru.web.forms.base import BooruForm


class SignupForm(BooruForm):
    root = "user"
    attribute_labels = {"password_confirmation": "", "email_address": "Email address"}
    renamed = {"address": "email_address", "normalized_address": "email_address"}

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
