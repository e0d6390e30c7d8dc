"""Mail: what an email method says of its email; rendered only when somebody needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from booru.models import User
    from mailers.content.senders import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An email to a user, or, without one, to the address in `to`.

    With both it is about the user's account, and goes to that address, which may no longer be the user's.
    The templates are `<template>.html` and `<template>.txt`, rendered with `context`.
    """

    user: User | None = None
    to: str = ""
    sender: Role
    subject: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    requires_verified_address: bool = False
    # Why there is nothing to send, whoever the user is.
    missing: str = ""

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def name(self) -> str:
        """The recipient's name; "" when we do not know it."""
        return self.user.name if self.user else ""

    @property
    def address(self) -> str:
        """The recipient's address; "" without one."""
        return self.to or self._current_address

    @property
    def _current_address(self) -> str:
        email_address = getattr(self.user, "email_address", None)
        return email_address.address if email_address else ""

    @property
    def is_notification(self) -> bool:
        """Is it one that the user may do without? Mail about the account's safety is not."""
        return self.sender == "notifications"

    @property
    def obstacle(self) -> str:
        """Why it cannot be sent, in words; "" when nothing is in the way (behaviour F.7)."""
        return self.missing or (self._obstacle_to(self.user) if self.user else "")

    def _obstacle_to(self, user: User) -> str:
        if self.to and self.to != self._current_address:
            # Whether mail reaches it was looked at when it was the user's.
            return ""
        if user.can_receive_email(require_verified=self.requires_verified_address):
            return ""
        if not self.address:
            return "the user has no email address"
        if not user.email_address.is_deliverable:
            return "the address is marked as undeliverable"
        return "the address is not verified"
