"""The forms of bans, feedback, promotions, name changes and deletions (behaviour I.2, I.8 to I.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from booru.web.http.forms import BooruForm

if TYPE_CHECKING:
    from booru.models import Level


class NameChangeForm(BooruForm):
    root = "user_name_change_request"
    attribute_labels = {"desired_name": "Name"}

    user_id = forms.CharField(required=False, widget=forms.HiddenInput)
    desired_name = forms.CharField(
        label="New name",
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class PromotionForm(BooruForm):
    root = "user"

    level = forms.CharField(required=False, widget=forms.Select)

    def offer(self, levels: list[Level]) -> None:
        """Which levels there are to choose from."""
        self.fields["level"].widget.choices = [(str(level.value), level.label) for level in levels]


class DeactivateForm(BooruForm):
    root = "user"

    password = forms.CharField(
        required=False, strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
