"""The forms of wiki pages, pools, artists and saved searches (behaviour D.7, N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from booru.models import Pool
from booru.rules.truth_values import truth_value
from booru.web.http.forms import BooruForm, Textarea

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MAX_ID_LENGTH = 18
_YES_NO = [("false", "No"), ("true", "Yes")]


def _truth(text: str) -> bool:
    return truth_value(text) is True


def _post_ids(text: str) -> list[int]:
    words = text.replace(",", " ").split()
    if not all(word.isascii() and word.isdigit() and len(word) <= _MAX_ID_LENGTH for word in words):
        raise ValidationError({"post_ids": "must be numbers with spaces between them"})
    return [int(word) for word in words]


class RecordForm(BooruForm):
    # How the model takes what is typed; every field that a form of this kind can change.
    readers: ClassVar[Mapping[str, Callable[[str], Any]]]

    def record_fields(self) -> dict[str, Any]:
        """What was sent, as the model takes it; raises ValidationError for what cannot be read."""
        return {name: read(self.value(name)) for name, read in self.readers.items() if self.sent(name)}


class WikiPageForm(RecordForm):
    root = "wiki_page"
    readers = {
        "title": str,
        "other_names": str.split,
        "body": str,
        "is_locked": _truth,
        "is_deleted": _truth,
    }

    title = forms.CharField(required=False, help_text="The name of the tag that the page is about.")
    other_names = forms.CharField(
        required=False,
        help_text="What it is called in other languages; spaces between the names, and _ inside them.",
    )
    body = forms.CharField(required=False, strip=False, widget=Textarea(20, spellcheck="true"))
    is_locked = forms.ChoiceField(
        label="Locked",
        required=False,
        choices=_YES_NO,
        help_text="Only builders and above can change a locked page.",
    )


class PoolForm(RecordForm):
    root = "pool"
    readers = {
        "name": str,
        "description": str,
        "category": str.lower,
        "post_ids": _post_ids,
        "is_deleted": _truth,
    }

    name = forms.CharField(required=False)
    description = forms.CharField(required=False, strip=False, widget=Textarea(10, spellcheck="true"))
    category = forms.ChoiceField(required=False, choices=Pool.Category.choices)
    post_ids = forms.CharField(
        label="Posts",
        required=False,
        widget=Textarea(4, **{"class": "code"}),
        help_text="Their numbers, in the order in which they are shown.",
    )


class ArtistForm(RecordForm):
    root = "artist"
    readers = {
        "name": str,
        "group_name": str,
        "other_names": str.split,
        "urls": str.split,
        "is_deleted": _truth,
    }
    attribute_labels = {"urls": "URLs"}

    name = forms.CharField(required=False, help_text="The name of the artist's tag.")
    group_name = forms.CharField(label="Group", required=False)
    other_names = forms.CharField(
        required=False, help_text="Spaces between the names, and _ inside them.", widget=Textarea(2)
    )
    urls = forms.CharField(
        label="URLs",
        required=False,
        widget=Textarea(8, **{"class": "code"}),
        help_text="One a line. A - before one says that it is dead.",
    )


class SavedSearchForm(RecordForm):
    root = "saved_search"
    readers = {"query": str, "labels": str.split}
    attribute_labels = {"user": "You"}

    query = forms.CharField(
        label="Search",
        required=False,
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false"}),
    )
    labels = forms.CharField(
        required=False,
        help_text="Words to group your searches by; spaces between them.",
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false"}),
    )
