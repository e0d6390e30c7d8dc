"""A complaint that something on the site infringes a copyright (DMCA), as the form takes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from booru.email_addresses import spelling
from booru.rules.field_errors import raise_any
from booru.rules.text import normalize_whitespace, visible_text_errors
from booru.rules.truth_values import truth_value

if TYPE_CHECKING:
    from collections.abc import Mapping

# What the law wants to be said, by the name of its box.
STATEMENTS = {
    "good_faith_agree": (
        "I believe in good faith that neither the owner of the copyright, nor anybody who acts for the owner,"
        " nor the law allows what I complain about."
    ),
    "perjury_agree": (
        "What I say here is accurate, and under penalty of perjury: I own the copyright, or I may act for"
        " whoever owns it."
    ),
}
# Together they fit into a dmail.
_LONGEST = {
    "name": 100,
    "email": 100,
    "address": 1000,
    "infringing_urls": 10_000,
    "original_urls": 10_000,
    "proof": 10_000,
    "signature": 100,
}
_ONE_LINE = ("name", "email", "signature")


@dataclass(frozen=True, slots=True)
class DmcaComplaint:
    """Who complains, about what, and what they say to it."""

    name: str
    email: str
    address: str
    infringing_urls: str
    original_urls: str
    proof: str
    signature: str
    good_faith_agree: bool
    perjury_agree: bool

    @classmethod
    def from_text(cls, values: Mapping[str, str]) -> DmcaComplaint:
        """Cleaned of what cannot be seen; names and addresses on one line."""
        texts = {name: normalize_whitespace(values.get(name, "")).strip() for name in _LONGEST}
        texts |= {name: " ".join(texts[name].split()) for name in _ONE_LINE}
        texts["email"] = spelling.correct(texts["email"])
        agrees = {name: truth_value(values.get(name, "")) is True for name in STATEMENTS}
        return cls(**texts, **agrees)  # type: ignore[arg-type]

    def validate(self) -> None:
        """Raises ValidationError."""
        errors = {name: visible_text_errors(getattr(self, name), most) for name, most in _LONGEST.items()}
        if not errors["email"] and not spelling.is_valid(self.email):
            errors["email"] = ["is invalid"]
        errors |= {name: ["must be accepted"] for name in STATEMENTS if not getattr(self, name)}
        raise_any(errors)

    def facts(self) -> dict[str, Any]:
        """What emails, messages and programs are told: lists of URLs, and the statements in words."""
        return {
            **{name: value for name, value in asdict(self).items() if name not in STATEMENTS},
            "infringing_urls": self.infringing_urls.split(),
            "original_urls": self.original_urls.split(),
            "statements": [text for name, text in STATEMENTS.items() if getattr(self, name)],
        }
