"""Banning users, and letting them write again (behaviour I.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from booru.models import Ban, Dmail, ModAction, User, UserFeedback
from booru.services.moderation.ban_clean_up import BanCleanUp

if TYPE_CHECKING:
    from datetime import timedelta

_TITLE = "You have been banned"


@transaction.atomic
def ban(
    user: User | None,
    banner: User,
    duration: timedelta,
    reason: str,
    clean_up: BanCleanUp | None = None,
) -> Ban:
    """Keep the user from writing, on record, tell them, and remove what `clean_up` says.

    Raises ValidationError, and changes nothing, on bad input and for who is banned already. Whether `banner`
    may is not looked at.
    """
    clean_up = clean_up or BanCleanUp()
    record = Ban(user=user, banner=banner, reason=reason, duration=duration)
    _raise_any(record.problems() | clean_up.problems(banner))
    # Posts are locked before users, as everybody does.
    clean_up.run(record.user, banner)
    _lock(record.user)
    if Ban.objects.current(record.user):
        raise ValidationError({"user": "is already banned"})
    record.save()
    Ban.objects.set_flag(record.user)
    _tell(record)
    return record


@transaction.atomic
def update_ban(record: Ban, updater: User, *, duration: timedelta, reason: str) -> None:
    """Raises ValidationError, and changes nothing, on bad input and for a ban that has run out."""
    _lock(record.user)
    record.refresh_from_db()
    if record.is_expired:
        raise ValidationError("You can't update an expired ban")
    before = Ban(reason=record.reason, duration=record.duration)
    record.reason, record.duration = reason, duration
    _raise_any(record.problems())
    changes = _changes(before, record)
    if not changes:
        return
    record.save(update_fields=["reason", "duration", "updated_at"])
    Ban.objects.set_flag(record.user)
    _log(updater, ModAction.Category.USER_BAN_UPDATE, record, f"updated ban {changes} for")


@transaction.atomic
def unban(record: Ban, unbanner: User) -> None:
    """Remove the ban; its mod actions and feedback stay."""
    _lock(record.user)
    record.delete()
    Ban.objects.set_flag(record.user)
    _log(unbanner, ModAction.Category.USER_UNBAN, record, "unbanned")


def lift_expired_ban(user: User) -> None:
    """Somebody whose bans have all run out may write again (behaviour J.12)."""
    if user.is_banned and not Ban.objects.current(user):
        Ban.objects.set_flag(user)


def prune_bans() -> None:
    """Lift every ban that has run out (behaviour J.6)."""
    banned = Ban.objects.active().values("user")
    for user in User.objects.filter(is_banned=True).exclude(pk__in=banned).order_by("pk"):
        Ban.objects.set_flag(user)


def _tell(record: Ban) -> None:
    """Feedback, dmail and mod action; the feedback needs no dmail of its own."""
    what = f"{record.humanized_duration}: {record.reason}"
    negative = UserFeedback.Category.NEGATIVE
    UserFeedback.objects.give(record.user, record.banner, negative, f"Banned {what}", dmail=False)
    how_long = what if record.is_forever else f"for {what}"
    Dmail.objects.send_automated(record.user, _TITLE, f"You have been banned {how_long}")
    _log(record.banner, ModAction.Category.USER_BAN, record, "banned", f" {what}")


def _log(moderator: User, category: ModAction.Category, record: Ban, what: str, how: str = "") -> None:
    ModAction.objects.log(moderator, category, f"{what} <@{record.user.name}>{how}", record.user)


def _changes(before: Ban, after: Ban) -> str:
    changes = []
    if before.duration != after.duration:
        changes.append(f"duration from {before.humanized_duration} to {after.humanized_duration}")
    if before.reason != after.reason:
        changes.append(f'reason from "{before.reason}" to "{after.reason}"')
    return " and ".join(changes)


def _lock(user: User) -> None:
    """One at a time bans and unbans the same user."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _raise_any(problems: dict[str, list[str]]) -> None:
    if problems := {name: messages for name, messages in problems.items() if messages}:
        raise ValidationError(problems)
