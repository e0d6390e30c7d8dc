"""Forms that carry what was typed to the models and the models' complaints back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.html import format_html

from booru.web.http.params import permitted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from django.http import HttpRequest
    from django.utils.safestring import SafeString


class BooruForm(forms.Form):
    """Fields are named `root[name]`, as Danbooru's are. The rules are the models': nothing is required."""

    root = ""
    # Models' field names that this form calls otherwise.
    renamed: Mapping[str, str] = {}
    # Fields whose words may be sent one by one.
    lists: tuple[str, ...] = ()
    # Danbooru's word for an attribute in messages, where it is not the attribute's name (behaviour 0.2).
    attribute_labels: Mapping[str, str] = {}
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    @classmethod
    def from_request(cls, request: HttpRequest, names: tuple[str, ...] | None = None) -> Self:
        """The form with what was sent; `names` narrows which fields may be."""
        names = tuple(cls.base_fields) if names is None else names
        values = permitted(request, cls.root, names, cls.lists)
        form = cls({f"{cls.root}[{name}]": value for name, value in values.items()})
        form.is_valid()
        return form

    def add_prefix(self, field_name: str) -> str:
        return f"{self.root}[{field_name}]" if self.root else field_name

    def keep(self, *names: str) -> None:
        """Show these fields only."""
        for name in set(self.fields) - set(names):
            del self.fields[name]

    def value(self, name: str) -> str:
        """What was typed into the field, "" for nothing."""
        return str(self.data.get(self.add_prefix(name), ""))

    def sent(self, name: str) -> bool:
        return self.add_prefix(name) in self.data

    def reject(self, error: ValidationError) -> None:
        """Take over the models' complaints."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for attribute, errors in error.error_dict.items():
            name = self.renamed.get(attribute, attribute)
            if attribute == NON_FIELD_ERRORS:
                self.add_error(None, errors)
            elif name in self.fields:
                self.add_error(name, errors)
            else:
                texts = [str(message) for one in errors for message in one.messages]
                self.add_error(None, ValidationError([self._full(name, text) for text in texts]))

    def messages_for(self, name: str) -> list[str]:
        """The complaints about one field, as sentences."""
        return [self._full(name, str(message)) for message in self.errors.get(name, [])]

    def full_messages(self) -> list[str]:
        """Every complaint as a sentence: "<Attribute label> <message>" (behaviour 0.2)."""
        return [
            str(message) if name == NON_FIELD_ERRORS else self._full(name, str(message))
            for name, messages in self.errors.items()
            for message in messages
        ]

    def errors_by_attribute(self) -> dict[str, list[str]]:
        """The complaints for programs; those about the whole are under "base"."""
        return {
            "base" if name == NON_FIELD_ERRORS else name: [str(message) for message in messages]
            for name, messages in self.errors.items()
        }

    def _full(self, name: str, message: str) -> str:
        label = self.attribute_labels.get(name, name.replace("_", " ").capitalize())
        return f"{label} {message}".strip()


class Textarea(forms.Textarea):
    """A text area tall enough for `rows` lines that takes code as well as prose."""

    def __init__(self, rows: int, **attrs: str) -> None:
        super().__init__({"rows": rows, "spellcheck": "false", **attrs})


class Checkbox(forms.CheckboxInput):
    """Sends "false" when it is not checked: what is not sent at all is not changed."""

    def render(self, name: str, value: Any, *args: Any, **kwargs: Any) -> SafeString:
        box = super().render(name, value, *args, **kwargs)
        return format_html('<input type="hidden" name="{}" value="false">{}', name, box)
