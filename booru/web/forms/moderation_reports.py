"""The form that reports a message (behaviour E.6)."""

from django import forms

from booru.web.http.forms import BooruForm, Textarea


class ModerationReportForm(BooruForm):
    root = "moderation_report"
    attribute_labels = {"creator": "You"}

    model_type = forms.CharField(required=False, widget=forms.HiddenInput)
    model_id = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        required=False,
        strip=False,
        help_text="What is wrong with it?",
        widget=Textarea(6, spellcheck="true"),
    )
