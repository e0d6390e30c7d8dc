"""The forms of a bulk update request (behaviour A.11)."""

from django import forms

from booru.web.forms.base import BooruForm, Textarea


class BulkUpdateRequestForm(BooruForm):
    root = "bulk_update_request"

    title = forms.CharField(required=False, help_text="Title of the forum topic that will discuss it.")
    script = forms.CharField(required=False, strip=False, widget=Textarea(12, **{"class": "code"}))
    reason = forms.CharField(required=False, strip=False, widget=Textarea(8, spellcheck="true"))
    forum_topic_id = forms.CharField(required=False, widget=forms.HiddenInput)


class ScriptForm(BooruForm):
    """Changes the script; the rest of a request stays as it is."""

    root = "bulk_update_request"

    script = forms.CharField(required=False, strip=False, widget=Textarea(12, **{"class": "code"}))


class AdminScriptForm(ScriptForm):
    """Admins also say what discusses the request; nothing, when a field is empty."""

    forum_topic_id = forms.CharField(
        required=False, label="Forum topic", help_text="The number of the topic."
    )
    forum_post_id = forms.CharField(
        required=False,
        label="Forum post",
        help_text="The number of the post that shows it and has the votes.",
    )
