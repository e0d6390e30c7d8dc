"""Mail: what an email method says of its email; rendered only when somebody needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from booru.models import User
    from mailers.senders import Role


@dataclass(frozen=True, slots=True)
class Mail:
    """An email to a user.

    The templates are `<template>.html` and `<template>.txt`, rendered with `context`.
    """

    user: User
    sender: Role
    subject: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    requires_verified_address: bool = False
    # Why there is nothing to send, whoever the user is.
    missing: str = ""

    @property
    def address(self) -> str:
        """The recipient's address; "" without one."""
        email_address = getattr(self.user, "email_address", None)
        return email_address.address if email_address else ""

    @property
    def obstacle(self) -> str:
        """Why the user cannot receive it, in words; "" when nothing is in the way (behaviour F.7)."""
        if self.user.can_receive_email(require_verified=self.requires_verified_address):
            return self.missing
        if not self.address:
            return "the user has no email address"
        if not self.user.email_address.is_deliverable:
            return "the address is marked as undeliverable"
        return "the address is not verified"
