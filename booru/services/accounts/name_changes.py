"""Changing what a user is called (behaviour I.9)."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from booru.models import Dmail, ModAction, User, UserNameChangeRequest
from booru.models.accounts.user import broken_name_rule, validate_user_name

_EVERY = timedelta(weeks=1)
_TITLE = "Your username has been changed"


def has_invalid_name(user: User) -> bool:
    """The rules are stricter than when the name was chosen, or it is not allowed any more."""
    return broken_name_rule(user.name) is not None


@transaction.atomic
def change_name(user: User, new_name: str, by: User) -> UserNameChangeRequest:
    """Call the user otherwise from now on; one who did not ask for it is told by an automated dmail.

    Raises ValidationError, and changes nothing, for a name that cannot be had, and for a second change in a
    week. Whether `by` may is not looked at.
    """
    user.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))
    User.objects.hold_name(new_name)
    _validate(user, new_name, by)
    try:
        change = rename(user, new_name)
    except IntegrityError:
        # Somebody took the name at this very moment.
        user.refresh_from_db(fields=["name"])
        raise ValidationError({"desired_name": "already taken"}) from None
    if by.pk != user.pk:
        _tell_of_change(change, by)
    return change


@transaction.atomic
def rename(user: User, new_name: str) -> UserNameChangeRequest:
    """Change the name and keep the old one in the user's history; no rule is checked."""
    change = UserNameChangeRequest.objects.create(user=user, original_name=user.name, desired_name=new_name)
    user.name = new_name
    user.save(update_fields=["name", "updated_at"])
    return change


def _validate(user: User, new_name: str, by: User) -> None:
    if new_name == user.name:
        raise ValidationError({"desired_name": "is the name that it is already"})
    try:
        validate_user_name(new_name, user)
    except ValidationError as error:
        raise ValidationError({"desired_name": error.message_dict["name"]}) from None
    if by.pk == user.pk and not has_invalid_name(user) and _changed_lately(user):
        raise ValidationError("You can only submit one name change request per week")


def _changed_lately(user: User) -> bool:
    return user.user_name_change_requests.filter(created_at__gt=timezone.now() - _EVERY).exists()


def _tell_of_change(change: UserNameChangeRequest, by: User) -> None:
    old, new = change.original_name, change.desired_name
    description = f"changed user #{change.user_id}'s name from {old} to {new}"
    ModAction.objects.log(by, ModAction.Category.USER_NAME_CHANGE, description, change.user)
    body = f"Your username has been changed from {old} to {new}. Log in with the new name from now on."
    Dmail.objects.send_automated(change.user, _TITLE, body, email=False)
