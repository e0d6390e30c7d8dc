"""The emails to users (behaviour G.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.text import Truncator

from mailers.base import email
from mailers.content import links, senders
from mailers.content.header_text import one_line
from mailers.content.tokens import LIFETIMES
from mailers.mail import Mail
from mailers.security_notices import SecurityNotices

if TYPE_CHECKING:
    from booru.models import Dmail, User, UserEvent

_LONGEST_FACT = 160


class UserMailer(SecurityNotices):
    """One method an email; its templates are in templates/user_mailer."""

    @email
    def dmail_notice(self, dmail: Dmail) -> Mail:
        """To the recipient of a private message."""
        return Mail(
            user=dmail.to_user,
            sender="notifications",
            subject=f"{settings.DANBOORU_APP_NAME}: {dmail.from_user.name} sent you a message",
            template="user_mailer/dmail_notice",
            context={
                "title": one_line(dmail.title),
                "body": dmail.body,
                "quoted_body": _quoted(dmail.body),
                "from_name": one_line(dmail.from_user.pretty_name),
                "from_url": links.user_url(dmail.from_user),
                "dmail_url": links.dmail_url(dmail),
                # Nobody reads answers to the site itself.
                "reply_url": "" if dmail.is_automated else links.reply_url(dmail),
            },
            requires_verified_address=True,
        )

    @email
    def password_reset(self, user: User) -> Mail:
        """To somebody who forgot the password, and to nobody else if they did not ask for it."""
        return Mail(
            user=user,
            sender="security",
            subject=f"{settings.DANBOORU_APP_NAME} password reset request",
            template="user_mailer/password_reset",
            context={
                "reset_url": links.reset_password_url(user),
                "minutes": _minutes("password_reset"),
            },
        )

    @email
    def email_change_confirmation(self, user: User) -> Mail:
        """To the new address of a user, to confirm it."""
        email_address = getattr(user, "email_address", None)
        return Mail(
            user=user,
            sender="security",
            subject="Confirm your email address",
            template="user_mailer/email_change_confirmation",
            context={
                "email_address": email_address,
                "verify_url": links.verify_url(email_address) if email_address else "",
            },
        )

    @email
    def login_verification(self, event: UserEvent) -> Mail:
        """To a user who logs in from where they never were before.

        What is told of the place is what somebody's browser says of itself.
        """
        return Mail(
            user=event.user,
            sender="security",
            subject="Verify login from new location",
            template="user_mailer/login_verification",
            context={
                "user_name": one_line(event.user.name),
                "location": _location(event.metadata),
                "ip_addr": event.ip_addr or "",
                "organization": _text(event.metadata, "organization"),
                "device": _fact(event.user_agent),
                "verify_url": links.login_verification_url(event),
                "minutes": _minutes("login_verification"),
                "reset_url": links.page_url("password_reset"),
            },
        )

    @email
    def send_backup_code(self, user: User) -> Mail:
        """To a user who lost the second factor, when an admin says so."""
        return Mail(
            user=user,
            sender="security",
            subject="Your account recovery code",
            template="user_mailer/send_backup_code",
            context={
                "code": f"{user.backup_codes[0]:08}" if user.backup_codes else "",
                "login_url": links.page_url("login"),
                "totp_url": links.totp_url(user),
                "backup_codes_url": links.backup_codes_url(user),
            },
            missing="" if user.backup_codes else "the user has no backup codes",
        )

    @email
    def dmca_complaint(self, to: str, complaint: dict[str, Any]) -> Mail:
        """To our address for complaints, and to whoever complained.

        booru.rules.copyright_complaint tells what is in it.
        """
        return Mail(
            to=to,
            sender="dmca",
            subject="DMCA complaint",
            template="user_mailer/dmca_complaint",
            context={
                "complaint": complaint,
                "quoted_address": _quoted(complaint["address"]),
                "quoted_proof": _quoted(complaint["proof"]),
                "dmca_address": senders.address_of("dmca"),
                "form_url": links.page_url("dmca"),
            },
        )

    @email
    def welcome_user(self, user: User) -> Mail:
        """To a new user, and to one who asks for it again, to confirm the address."""
        email_address = getattr(user, "email_address", None)
        return Mail(
            user=user,
            sender="welcome",
            subject=f"Welcome to {settings.DANBOORU_APP_NAME}! Confirm your email address",
            template="user_mailer/welcome_user",
            context={
                "email_address": email_address,
                "verify_url": links.verify_url(email_address) if email_address else "",
                "settings_url": links.page_url("settings"),
            },
        )


def _quoted(text: str) -> str:
    """Marked as somebody else's words, so that nobody can write what looks like our own."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _minutes(purpose: str) -> int:
    """How long a link for it works."""
    return LIFETIMES[purpose].seconds // 60


def _location(place: dict[str, Any]) -> str:
    """`<city>, <region>`, if both are known."""
    parts = [_text(place, name) for name in ("city", "region")]
    return ", ".join(parts) if all(parts) else ""


def _text(values: dict[str, Any], name: str) -> str:
    return _fact(str(values.get(name) or ""))


def _fact(text: str) -> str:
    """What a browser says of itself: short, so that it cannot push our own words out of sight."""
    return Truncator(one_line(text)).chars(_LONGEST_FACT)
