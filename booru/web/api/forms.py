"""The form of an API key."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from booru.web.api.permissions import all_permissions, current_names
from booru.web.http.forms import BooruForm, Textarea

if TYPE_CHECKING:
    from collections.abc import Iterable

    from booru.models import ApiKey


class ApiKeyForm(BooruForm):
    root = "api_key"
    lists = ("permissions", "permitted_ip_addresses")
    attribute_labels = {"permitted_ip_addresses": "Permitted IP addresses"}

    name = forms.CharField(required=False, help_text="Optional. What you use the key for.")
    permitted_ip_addresses = forms.CharField(
        label="Permitted IP addresses",
        required=False,
        help_text="Addresses or networks, such as 203.0.113.5 or 2001:db8::/32. None means all.",
        widget=Textarea(2, **{"class": "code"}),
    )
    permissions = forms.Field(
        required=False, help_text="None means all.", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.sent("permissions"):
            self.data = {**self.data, self.add_prefix("permissions"): self.value("permissions").split()}
        self.offer(all_permissions())

    def offer(self, permissions: Iterable[str]) -> None:
        """Let these be ticked."""
        self.offered = sorted(set(permissions))
        self.fields["permissions"].widget.choices = [
            (group, [(name, name.partition(":")[2]) for name in names])
            for group, names in groupby(self.offered, key=lambda name: name.partition(":")[0])
        ]

    def keep_those_of(self, api_key: ApiKey) -> None:
        """Offer what the key has and nothing goes by any more, too: with none left, the key might do all."""
        self.offer({*all_permissions(), *current_names(api_key.permissions)})

    @classmethod
    def of(cls, api_key: ApiKey) -> ApiKeyForm:
        """With what is saved."""
        addresses = "\n".join(api_key.permitted_ip_addresses)
        form = cls(
            initial={
                "name": api_key.name,
                "permissions": current_names(api_key.permissions),
                "permitted_ip_addresses": addresses,
            }
        )
        form.keep_those_of(api_key)
        return form

    def record_fields(self) -> dict[str, Any]:
        """What was sent, as the model takes it; raises ValidationError for a permission that there is not."""
        fields: dict[str, Any] = {}
        if self.sent("name"):
            fields["name"] = self.value("name")
        if self.sent("permissions"):
            fields["permissions"] = self._known(self.data[self.add_prefix("permissions")])
        if self.sent("permitted_ip_addresses"):
            fields["addresses"] = self.value("permitted_ip_addresses").split()
        return fields

    def _known(self, permissions: list[str]) -> list[str]:
        names = current_names(permissions)
        if unknown := sorted(set(names) - set(self.offered)):
            raise ValidationError({"permissions": f"can't include {unknown[0][:100]!r}"})
        return names
