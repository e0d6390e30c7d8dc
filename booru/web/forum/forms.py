"""The forms of forum topics and posts (behaviour A.15)."""

from django import forms

from booru.models import ForumTopic, Level
from booru.web.http.forms import BooruForm, Textarea


class ForumPostForm(BooruForm):
    root = "forum_post"
    attribute_labels = {"body": "Post"}

    topic_id = forms.CharField(required=False, widget=forms.HiddenInput)
    body = forms.CharField(label="Post", required=False, strip=False, widget=Textarea(8, spellcheck="true"))


class ForumPostEditForm(BooruForm):
    root = "forum_post"
    attribute_labels = {"body": "Post"}

    body = forms.CharField(label="Post", required=False, strip=False, widget=Textarea(12, spellcheck="true"))


class ForumTopicForm(BooruForm):
    """A topic, and when it is new its first post."""

    root = "forum_topic"
    renamed = {"category": "category_id"}
    attribute_labels = {"body": "Post", "category_id": "Category"}

    title = forms.CharField(required=False)
    category_id = forms.CharField(
        label="Category", required=False, widget=forms.Select(choices=ForumTopic.Category.choices)
    )
    min_level = forms.CharField(
        label="Who may read it",
        required=False,
        widget=forms.Select(
            choices=[
                (0, "Everybody"),
                (Level.MODERATOR.value, "Moderators and above"),
                (Level.ADMIN.value, "Admins and above"),
            ]
        ),
    )
    is_sticky = forms.CharField(required=False, widget=forms.HiddenInput)
    is_locked = forms.CharField(required=False, widget=forms.HiddenInput)
    body = forms.CharField(label="Post", required=False, strip=False, widget=Textarea(12, spellcheck="true"))
