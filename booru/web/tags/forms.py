"""The form that changes a tag (behaviour C.4)."""

from django import forms

from booru.models.tags.tag import TagCategory
from booru.web.http.forms import BooruForm


class TagForm(BooruForm):
    root = "tag"
    category = forms.CharField(required=False, widget=forms.Select(choices=TagCategory.choices))
    is_deprecated = forms.CharField(
        label="Deprecated",
        required=False,
        help_text="A deprecated tag can no longer be added to posts.",
        widget=forms.Select(choices=[("false", "No"), ("true", "Yes")]),
    )
