"""Deleting an account: what happens at once, and taking it back (behaviour I.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from booru.models import ModAction, User, UserNameChangeRequest
from booru.services.accounts.name_changes import rename
from booru.services.accounts.security_notices import tell_of_deletion
from jobs.users import DeleteUserJob

if TYPE_CHECKING:
    from collections.abc import Iterator


@transaction.atomic
def delete_user(user: User, deleter: User, password: str = "") -> None:
    """Nobody can log in as the user from now on; a job removes the rest.

    `password` is the user's own, asked of who deletes their own account. Raises ValidationError with
    everything that is against it, and changes nothing then. Whoever calls it ends the login and records the
    event, as both need the request.
    """
    _lock(user)
    problems = [*_problems_with_password(user, deleter, password), *deletion_obstacles(user, deleter)]
    if problems:
        raise ValidationError(problems)
    name = user.name
    rename(user, f"user_{user.pk}")
    user.is_deleted = True
    user.set_unusable_password()
    user.save(update_fields=["is_deleted", "password", "updated_at"])
    if deleter.pk != user.pk:
        ModAction.objects.log(deleter, ModAction.Category.USER_DELETE, f"deleted user #{user.pk}", user)
    # Before the job, which removes the address.
    tell_of_deletion(user, name)
    DeleteUserJob.enqueue(user)


def deletion_obstacles(user: User, deleter: User) -> list[str]:
    """Why the account cannot be deleted, whatever the password."""
    own = deleter.pk == user.pk
    rules = [
        (user.is_deleted, "This account is deleted already"),
        (own and user.is_moderator, f"{user.level_name}s cannot delete their account"),
        (own and user.is_banned, "You cannot delete your account if you are banned"),
        (not own and not deleter.is_owner, "You cannot delete an account belonging to another user"),
        (not own and user.is_gold, "You cannot delete a privileged account"),
    ]
    return [message for applies, message in rules if applies]


def _problems_with_password(user: User, deleter: User, password: str) -> Iterator[str]:
    if deleter.pk == user.pk and not user.check_password(password):
        yield "Password is incorrect"


@transaction.atomic
def undelete_user(user: User, undeleter: User, password: str, name: str = "") -> None:
    """Let the user log in again, with this password, under this name or the one from before.

    What the deletion's job removed does not come back. Raises ValidationError when the account is not
    deleted, or when somebody else has the name.
    """
    _lock(user)
    if not user.is_deleted:
        raise ValidationError(f"{user.name} is not deleted")
    name = name or _name_before(user)
    holder = User.objects.by_name(name)
    if holder is not None and holder != user:
        raise ValidationError(f"the name {name} is already taken")
    rename(user, name)
    user.is_deleted = False
    user.set_password(password)
    user.save(update_fields=["is_deleted", "password", "updated_at"])
    ModAction.objects.log(undeleter, ModAction.Category.USER_UNDELETE, f"undeleted user #{user.pk}", user)


def _name_before(user: User) -> str:
    latest = UserNameChangeRequest.objects.filter(user=user).order_by("-pk").first()
    return latest.original_name if latest else user.name


def _lock(user: User) -> None:
    """Hold the row, and see the user as they are by now."""
    user.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))
