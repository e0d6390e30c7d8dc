"""manage.py rotate_secrets: encrypts what is sealed with the SECRET_KEY of today."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from booru.services.accounts.two_factor import seal_again


class Command(BaseCommand):
    help = (
        "After a change of SECRET_KEY, while SECRET_KEY_FALLBACKS still names the old one: encrypt the "
        "secrets of second factors with the new one. The old one can go then."
    )

    def handle(self, **_options: Any) -> None:
        done, unreadable = seal_again()
        self.stdout.write(f"{done} users' second factors are sealed with SECRET_KEY")
        if unreadable:
            names = ", ".join(user.name for user in unreadable)
            raise CommandError(
                f"No key in SECRET_KEY_FALLBACKS opens the second factor of {names}; they cannot log in"
            )
