"""The form that replies to a forum topic."""

from django import forms

from booru.web.forms.base import BooruForm, Textarea


class ForumPostForm(BooruForm):
    root = "forum_post"
    attribute_labels = {"body": "Post"}

    topic_id = forms.CharField(required=False, widget=forms.HiddenInput)
    body = forms.CharField(label="Post", required=False, strip=False, widget=Textarea(8, spellcheck="true"))
