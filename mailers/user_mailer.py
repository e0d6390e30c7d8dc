"""The emails to users (behaviour G.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from mailers import links
from mailers.base import Mailer, email
from mailers.mail import Mail

if TYPE_CHECKING:
    from booru.models import Dmail, User


class UserMailer(Mailer):
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
                "dmail": dmail,
                "body": dmail.body.replace("\r\n", "\n"),
                "from_user": dmail.from_user,
                "from_url": links.user_url(dmail.from_user),
                "dmail_url": links.dmail_url(dmail),
                # Nobody reads answers to the site itself.
                "reply_url": "" if dmail.is_automated else links.reply_url(dmail),
            },
            requires_verified_address=True,
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
