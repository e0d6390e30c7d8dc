"""Changes a user's email address, with what follows from it (behaviour F.8)."""

from __future__ import annotations

from copy import copy

from django.core.exceptions import ValidationError
from django.db import transaction

from booru.email_addresses.deliverability import is_undeliverable
from booru.models import EmailAddress, ModAction, User
from booru.services.accounts.security_notices import tell_of_address_change, tell_of_address_removal
from mailers.user_mailer import UserMailer


def check_new_address(user: User, address: str) -> None:
    """Raise ValidationError unless the user can have this address and mail can reach it.

    That may take three seconds, so ask before a transaction begins.
    """
    wanted = EmailAddress.objects.filter(user=user).first() or EmailAddress(user=user)
    wanted.assign(address)
    wanted.validate()
    if is_undeliverable(wanted.address):
        raise ValidationError({"address": ["is invalid or does not exist"]})


@transaction.atomic
def change_email_address(user: User, address: str, by: User) -> bool:
    """Give the user this address, not verified, and ask by email whether it is theirs; the old one is told.

    False, and nothing done, when it is theirs already and verified. Somebody else's change is a mod action.
    Raises ValidationError; whether mail can reach the address is for `check_new_address`.
    """
    # One change after the other, so that each sees the address that it replaces.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    record = EmailAddress.objects.filter(user=user).first() or EmailAddress(user=user)
    before = copy(record)
    old, was_fine = record.address, record.is_verified and record.is_deliverable
    record.assign(address)
    record.validate()
    if record.address == old and was_fine:
        return False
    record.save()
    if by != user and record.address != old:
        ModAction.objects.log(by, ModAction.Category.EMAIL_ADDRESS_UPDATE, _told(record, old), user)
    user.email_address = record
    UserMailer().email_change_confirmation(user).deliver_later()
    if old and record.address != old:
        tell_of_address_change(user, before)
    return True


@transaction.atomic
def remove_email_address(address: EmailAddress) -> None:
    """Let the user have none; the address is told."""
    tell_of_address_removal(address.user, address)
    address.delete()


def _told(record: EmailAddress, old: str) -> str:
    before = f" from {old}" if old else ""
    return f"changed user #{record.user_id}'s email{before} to {record.address}"
