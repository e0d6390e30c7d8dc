"""The form that writes a dmail (behaviour E.7)."""

from django import forms

from booru.web.http.forms import BooruForm, Textarea


class DmailForm(BooruForm):
    root = "dmail"
    renamed = {"to": "to_name", "to_user": "to_name"}
    attribute_labels = {"body": "Message", "to_name": "To"}

    to_name = forms.CharField(label="To", required=False)
    to_id = forms.CharField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(required=False)
    body = forms.CharField(
        label="Message", required=False, strip=False, widget=Textarea(14, spellcheck="true")
    )
