"""The form that edits a post (behaviour D.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from booru.models import Post
from booru.posts.post_fields import FieldEdit
from booru.posts.tag_edits.tag_edit import TagEdit
from booru.web.http.forms import BooruForm, Textarea

if TYPE_CHECKING:
    from typing import Self

_FIELDS = ("rating", "source", "parent_id")


class PostForm(BooruForm):
    """Beside each field goes what it held when the form was shown, so that two people's edits merge."""

    root = "post"

    tag_string = forms.CharField(label="Tags", required=False, strip=False, widget=Textarea(6))
    rating = forms.CharField(required=False, widget=forms.Select(choices=Post.Rating.choices))
    source = forms.CharField(required=False, strip=False)
    parent_id = forms.CharField(label="Parent", required=False)
    old_tag_string = forms.CharField(required=False, widget=forms.HiddenInput)
    old_rating = forms.CharField(required=False, widget=forms.HiddenInput)
    old_source = forms.CharField(required=False, widget=forms.HiddenInput)
    old_parent_id = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def showing(cls, post: Post) -> Self:
        now = _values(post)
        return cls(initial={**now, **{f"old_{name}": value for name, value in now.items()}})

    def tag_edit(self, post: Post) -> TagEdit:
        """What was changed about the tags."""
        if not self.sent("tag_string"):
            return TagEdit()
        return TagEdit.between(self._old("tag_string", post), self.value("tag_string"))

    def field_edit(self, post: Post) -> FieldEdit:
        """What was changed about the rest."""
        return FieldEdit.between(
            FieldEdit(*(self._old(name, post) for name in _FIELDS)),
            FieldEdit(*(self.value(name) if self.sent(name) else self._old(name, post) for name in _FIELDS)),
        )

    def _old(self, name: str, post: Post) -> str:
        return self.value(f"old_{name}") if self.sent(f"old_{name}") else _values(post)[name]


def _values(post: Post) -> dict[str, str]:
    return {
        "tag_string": post.tag_string,
        "rating": post.rating,
        "source": post.source,
        "parent_id": str(post.parent_id or ""),
    }
