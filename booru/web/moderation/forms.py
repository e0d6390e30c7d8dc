"""The forms of bans, feedback and reports (behaviour E.6, I.8)."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError

from booru.models import UserFeedback
from booru.models.moderation.ban import DURATIONS, FOREVER
from booru.rules.truth_values import truth_value
from booru.services.moderation.ban_clean_up import BanCleanUp
from booru.web.http.forms import BooruForm, Textarea
from booru.web.http.params import integer

_SHOWN_VALUE = 50  # characters of a value in a message
_SECONDS = {int(duration.total_seconds()): duration for duration in DURATIONS}
_WORDS = {words: duration for duration, words in DURATIONS.items()} | {"100 years": FOREVER}


def _user_name() -> forms.CharField:
    attrs = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(label="User", required=False, widget=forms.TextInput(attrs))


class BanForm(BooruForm):
    root = "ban"
    renamed = {"user": "user_name"}
    attribute_labels = {"user_name": "User", "duration": ""}

    user_name = _user_name()
    user_id = forms.CharField(required=False, widget=forms.HiddenInput)
    duration = forms.CharField(
        required=False, widget=forms.Select(choices=[(words, words) for words in DURATIONS.values()])
    )
    reason = forms.CharField(required=False, strip=False, widget=Textarea(4, spellcheck="true"))
    delete_posts = forms.BooleanField(label="Delete the user's pending posts", required=False)
    post_deletion_reason = forms.CharField(required=False)
    delete_forum_posts = forms.BooleanField(
        label="Delete the user's forum topics and posts of the last 3 days", required=False
    )
    delete_post_votes = forms.BooleanField(
        label="Delete the user's votes on posts of the last 3 days", required=False
    )

    @property
    def duration_value(self) -> timedelta:
        """What was chosen, in words or as seconds; raises ValidationError for what there is not."""
        text = self.value("duration").strip()
        duration = _WORDS.get(text.lower()) or _SECONDS.get(integer(text) or 0)
        if duration is None:
            raise ValidationError({"duration": f"{text[:_SHOWN_VALUE]} is not a valid ban duration"})
        return duration

    @property
    def clean_up(self) -> BanCleanUp:
        return BanCleanUp(
            delete_posts=self._is_checked("delete_posts"),
            post_deletion_reason=self.value("post_deletion_reason"),
            delete_forum_posts=self._is_checked("delete_forum_posts"),
            delete_post_votes=self._is_checked("delete_post_votes"),
        )

    def _is_checked(self, name: str) -> bool:
        return truth_value(self.value(name)) is True


class UserFeedbackForm(BooruForm):
    root = "user_feedback"
    renamed = {"user": "user_name"}
    attribute_labels = {"user_name": "User", "creator": "You"}

    user_name = _user_name()
    user_id = forms.CharField(required=False, widget=forms.HiddenInput)
    category = forms.CharField(
        required=False,
        initial=UserFeedback.Category.POSITIVE,
        widget=forms.Select(choices=UserFeedback.Category.choices),
    )
    body = forms.CharField(
        label="Feedback", required=False, strip=False, widget=Textarea(8, spellcheck="true")
    )


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
