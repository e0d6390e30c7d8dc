"""Users and messages as the tests of emails put them: by name and address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories import DmailFactory, EmailAddressFactory, UserFactory

if TYPE_CHECKING:
    from booru.models import Dmail, User


def make_user(name: str, address: str = "", *, verified: bool = True, deliverable: bool = True) -> User:
    """A member, with an address if one is given."""
    user: User = UserFactory(name=name)
    if address:
        EmailAddressFactory(user=user, address=address, is_verified=verified, is_deliverable=deliverable)
    return user


def make_dmail(from_user: User, to_user: User, title: str = "Hello", body: str = "How are you?") -> Dmail:
    """The recipient's copy; no email is enqueued for it."""
    dmail: Dmail = DmailFactory(from_user=from_user, to_user=to_user, title=title, body=body)
    return dmail
