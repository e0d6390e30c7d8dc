"""The form that changes an email address (behaviour F.8)."""

from django import forms

from booru.web.http.forms import BooruForm


class EmailAddressForm(BooruForm):
    root = "email_address"
    attribute_labels = {"normalized_address": "Email address"}

    address = forms.CharField(
        label="New email address",
        required=False,
        widget=forms.EmailInput({"autocomplete": "email", "autofocus": True}),
    )
