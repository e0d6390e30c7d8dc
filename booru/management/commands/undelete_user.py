"""manage.py undelete_user: gives a deleted account back to its owner."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from booru.models import User
from booru.services.accounts.user_deletion import undelete_user

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Let a user whose account was deleted log in again, with a new password that is printed. What the "
        "deletion removed (settings, email address, API keys, private favorites) does not come back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the name of the deleted account: user_<id>")
        parser.add_argument("--name", default="", help="instead of the name from before")
        parser.add_argument("--by", default="", help="who is named in the mod action; the site if nobody")

    def handle(self, **options: Any) -> None:
        user = self._user(options["user"])
        by = self._user(options["by"]) if options["by"] else User.objects.system()
        password = secrets.token_urlsafe(12)
        try:
            undelete_user(user, by, password, options["name"])
        except ValidationError as error:
            raise CommandError(f"Nothing was changed: {'; '.join(error.messages)}") from error
        self.stdout.write(f"{user.name} can log in again, with the password {password}")

    def _user(self, name: str) -> User:
        user = User.objects.by_name(name)
        if user is None:
            raise CommandError(f"There is no user named {name}")
        return user
