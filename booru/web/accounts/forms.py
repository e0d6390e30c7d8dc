"""The forms of settings, email addresses, names, levels and deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from booru.rules.time_zones import time_zone_names
from booru.rules.truth_values import truth_value
from booru.web.http.forms import BooruForm, Checkbox, Textarea
from booru.web.http.params import integer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from booru.models import Level, User

_THEMES = [("auto", "As my system is"), ("light", "Light"), ("dark", "Dark")]


def _choice(label: str, help_text: str = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text, widget=Checkbox)


def _time_zones() -> Iterator[tuple[str, str]]:
    return ((name, name.replace("_", " ")) for name in time_zone_names())


class SettingsForm(BooruForm):
    root = "user"

    receive_email_notifications = _choice(
        "Send me an email when I get a message", "Needs a confirmed email address."
    )
    theme = forms.CharField(
        required=False,
        widget=forms.Select(choices=_THEMES),
    )
    time_zone = forms.CharField(required=False, help_text="Of the times on pages.", widget=forms.Select)
    per_page = forms.CharField(
        label="Posts per page",
        required=False,
        help_text="From 1 to 1000.",
        widget=forms.NumberInput({"min": 1, "max": 1000}),
    )
    show_deleted_posts = _choice(
        "Show deleted posts", "Otherwise they are found only by a search that names a status."
    )
    enable_safe_mode = _choice("Safe mode", "Only posts that are rated general are found.")
    blacklisted_tags = forms.CharField(
        required=False,
        strip=False,
        help_text="One rule a line. Posts that have all the tags of a rule are hidden. -tag excepts those "
        "with that tag, ~tag asks for one of several, and rating:e or status:deleted work too.",
        widget=Textarea(6, **{"class": "code"}),
    )
    favorite_tags = forms.CharField(
        required=False,
        strip=False,
        help_text="Tags that you look at often. They are listed beside posts.",
        widget=Textarea(3, **{"class": "code"}),
    )
    enable_private_favorites = _choice(
        "Private favorites", "Nobody but you and the admins sees your favorites. For Gold accounts."
    )

    sections = (
        ("Email notifications", ("receive_email_notifications",)),
        ("Look", ("theme", "time_zone")),
        (
            "Posts",
            ("per_page", "show_deleted_posts", "enable_safe_mode", "blacklisted_tags", "favorite_tags"),
        ),
        ("Privacy", ("enable_private_favorites",)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].widget.choices = list(_time_zones())

    @classmethod
    def of(cls, user: User) -> Self:
        """The form with the user's settings."""
        return cls(initial={name: getattr(user, name) for name in cls.base_fields})

    def fill_up(self, user: User) -> None:
        """Show the user's settings where nothing was sent, so that saving again loses none."""
        missing = {name: getattr(user, name) for name in self.fields if not self.sent(name)}
        self.data = {**self.data, **{self.add_prefix(name): value for name, value in missing.items()}}

    def by_section(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.sections]

    def settings(self) -> dict[str, Any]:
        """What was sent, as the columns hold it. A truth value that is none is left aside."""
        sent = {name: self.value(name) for name in self.fields if self.sent(name)}
        values: dict[str, Any] = {}
        for name, text in sent.items():
            if isinstance(self.fields[name], forms.BooleanField):
                values[name] = truth_value(text)
            else:
                values[name] = integer(text.strip()) if name == "per_page" else text
        return {name: value for name, value in values.items() if value is not None or name == "per_page"}


class EmailAddressForm(BooruForm):
    root = "email_address"
    attribute_labels = {"normalized_address": "Email address"}

    address = forms.CharField(
        label="New email address",
        required=False,
        widget=forms.EmailInput({"autocomplete": "email", "autofocus": True}),
    )


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
