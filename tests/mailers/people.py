"""Users and messages for the tests of emails."""

from __future__ import annotations

from booru.models import Dmail, EmailAddress, User


def make_user(name: str, address: str = "", *, verified: bool = True, deliverable: bool = True) -> User:
    """A member, with an address if one is given."""
    user = User.objects.create(name=name)
    if address:
        EmailAddress.objects.create(
            user=user,
            address=address,
            normalized_address=address,
            is_verified=verified,
            is_deliverable=deliverable,
        )
    return user


def make_dmail(from_user: User, to_user: User, title: str = "Hello", body: str = "How are you?") -> Dmail:
    """The recipient's copy; no email is enqueued for it."""
    return Dmail.objects.create(owner=to_user, from_user=from_user, to_user=to_user, title=title, body=body)
