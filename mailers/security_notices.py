"""The emails that tell people what was done with their account, in case it was not them."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from django.conf import settings

from mailers.base import Mailer, email
from mailers.content import links
from mailers.content.header_text import one_line
from mailers.mail import Mail

if TYPE_CHECKING:
    from booru.models import User


class SecurityNotices(Mailer):
    """Each goes to the address that the user had when it happened: a thief may change that next."""

    @email
    def password_changed(self, user: User, to: str) -> Mail:
        """After a new password, chosen in the settings or with a mailed link."""
        return self._notice(user, to, "Your password was changed", "password_changed")

    @email
    def email_address_changed(self, user: User, to: str) -> Mail:
        """To the old address and to the new one. Neither is told in full: it may be a stranger's."""
        return self._notice(user, to, "Your email address was changed", "email_address_changed")

    @email
    def email_address_removed(self, user: User, to: str) -> Mail:
        """To the address that the account no longer has."""
        return self._notice(user, to, "Your email address was removed", "email_address_removed")

    @email
    def api_key_created(self, user: User, to: str, key_name: str, permissions: list[str]) -> Mail:
        """With what the key is called and may do, and without the key."""
        context = {"key_name": one_line(key_name), "permissions": ", ".join(permissions)}
        return self._notice(user, to, "A new API key was made", "api_key_created", **context)

    @email
    def two_factor_enabled(self, user: User, to: str) -> Mail:
        """After an authenticator app was set up where there was none."""
        return self._notice(user, to, "Two-factor authentication was switched on", "two_factor_enabled")

    @email
    def two_factor_changed(self, user: User, to: str) -> Mail:
        """After another authenticator app took the place of the old one."""
        return self._notice(user, to, "Your authenticator app was replaced", "two_factor_changed")

    @email
    def two_factor_disabled(self, user: User, to: str) -> Mail:
        """After the second factor was given up."""
        return self._notice(user, to, "Two-factor authentication was switched off", "two_factor_disabled")

    @email
    def backup_codes_replaced(self, user: User, to: str) -> Mail:
        """After new backup codes were made; they are not in it."""
        return self._notice(user, to, "Your backup codes were replaced", "backup_codes_replaced")

    @email
    def backup_code_used(self, user: User, to: str) -> Mail:
        """After somebody proved with a backup code who they are; it is not in it."""
        return self._notice(user, to, "A backup code was used", "backup_code_used")

    @email
    def account_deleted(self, user: User, to: str, name: str) -> Mail:
        """To who was called `name`: the account has another name by now."""
        known = copy(user)
        known.name = name
        return self._notice(known, to, "Your account was deleted", "account_deleted")

    def _notice(self, user: User, to: str, subject: str, template: str, **more: str) -> Mail:
        context = {
            "ip_addr": self._own_address(user),
            "reset_url": links.page_url("password_reset"),
            "api_keys_url": links.page_url("api_keys"),
            **more,
        }
        return Mail(
            user=user,
            to=to,
            sender="security",
            subject=f"{settings.DANBOORU_APP_NAME}: {subject}",
            template=f"user_mailer/{template}",
            context=context,
        )

    def _own_address(self, user: User) -> str:
        """Where the request came from; "" for another user's, whose address is nobody's business."""
        is_own = self.context.user_id in {None, user.pk}
        return (self.context.ip_addr or "") if is_own else ""
