"""The forms of a bulk update request (behaviour A.11)."""

from __future__ import annotations

from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError

from booru.models import ForumPost, ForumTopic
from booru.web.http.forms import BooruForm, Textarea

_Record = TypeVar("_Record", ForumTopic, ForumPost)


class RequestForm(BooruForm):
    root = "bulk_update_request"

    def forum_records(self) -> dict[str, ForumTopic | ForumPost | None]:
        """What shall discuss the request, if sent; ValidationError if it is not there (behaviour A.4)."""
        records: dict[str, ForumTopic | ForumPost | None] = {}
        if self.sent("forum_topic_id"):
            records["forum_topic"] = self.forum_topic()
        if self.sent("forum_post_id"):
            records["forum_post"] = _existing(ForumPost, "forum_post", self.value("forum_post_id"))
        return records

    def forum_topic(self) -> ForumTopic | None:
        """The topic that was named, if one was; ValidationError if it is not there."""
        return _existing(ForumTopic, "forum_topic", self.value("forum_topic_id"))


def _existing(model: type[_Record], name: str, text: str) -> _Record | None:
    text = text.strip()
    if not text:
        return None
    record: _Record | None = model._default_manager.filter(pk=int(text)).first() if is_id(text) else None
    if record is None:
        raise ValidationError({name: ["can't be blank"]})
    return record


def is_id(text: str) -> bool:
    """Can it be the id of a record?"""
    return text.isascii() and text.isdigit() and len(text) <= 18


class BulkUpdateRequestForm(RequestForm):
    title = forms.CharField(required=False, help_text="Title of the forum topic that will discuss it.")
    script = forms.CharField(required=False, strip=False, widget=Textarea(12, **{"class": "code"}))
    reason = forms.CharField(required=False, strip=False, widget=Textarea(8, spellcheck="true"))
    forum_topic_id = forms.CharField(required=False, widget=forms.HiddenInput)


class ScriptForm(RequestForm):
    """Changes the script; the rest of a request stays as it is."""

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
