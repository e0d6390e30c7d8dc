"""Users and messages as the tests of emails put them: by name and address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.models import UserEvent
from mailers.user_mailer import UserMailer
from tests.support.factories import DmailFactory, EmailAddressFactory, UserFactory

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest

    from booru.models import Dmail, User
    from mailers.base import Delivery

COMPLAINT = {
    "name": "Ada Artist",
    "email": "ada@example.com",
    "address": "1 Example Street\nExampletown",
    "infringing_urls": ["https://booru.example/posts/1", "https://booru.example/posts/2"],
    "original_urls": ["https://ada.example/1"],
    "proof": "I drew <both>.\n\nThere are sketches.",
    "statements": ["I believe in it.", "I own it."],
    "signature": "Ada A.",
}

# Those that need no more than the user and the address.
SECURITY_NOTICES = (
    "password_changed",
    "email_address_changed",
    "email_address_removed",
    "two_factor_enabled",
    "two_factor_changed",
    "two_factor_disabled",
    "backup_codes_replaced",
    "backup_code_used",
)


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


def make_event(user: User, **fields: Any) -> UserEvent:
    """A log-in from a new place that waits for the user's word."""
    values = {"ip_addr": "203.0.113.7", "user_agent": "Firefox/140", **fields}
    return UserEvent.objects.create(
        user=user, category=UserEvent.Category.LOGIN_PENDING_VERIFICATION, **values
    )


def every_email(user: User, request: HttpRequest | None = None) -> dict[str, Delivery]:
    """One of each to the user, whose account gets what they tell of; a new email must be added here."""
    user.backup_codes = [12345678]
    user.save()
    mailer = UserMailer(request=request)
    deliveries = {
        "dmail_notice": mailer.dmail_notice(make_dmail(make_user("alice"), user)),
        "password_reset": mailer.password_reset(user),
        "email_change_confirmation": mailer.email_change_confirmation(user),
        "login_verification": mailer.login_verification(make_event(user)),
        "welcome_user": mailer.welcome_user(user),
        "send_backup_code": mailer.send_backup_code(user),
        **{name: mailer.delivery(name, user, user.email_address.address) for name in SECURITY_NOTICES},
        "api_key_created": mailer.api_key_created(
            user, user.email_address.address, "my script", ["posts:index"]
        ),
        "account_deleted": mailer.account_deleted(user, user.email_address.address, user.name),
        "dmca_complaint": mailer.dmca_complaint("dmca@booru.example", COMPLAINT),
    }
    assert set(deliveries) == UserMailer.emails
    return deliveries
