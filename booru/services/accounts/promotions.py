"""Promoting users to another level, and demoting them (behaviour I.10)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from booru.models import Dmail, Level, ModAction, User, UserFeedback

_TITLE = "Your account has been updated"


class PromotionRefused(Exception):
    """The promoter may not do that; the message says why."""


@transaction.atomic
def promote(user: User, promoter: User, level: int) -> None:
    """Give the user another level, on record, and tell them; nothing happens when they have it.

    Raises PromotionRefused, and ValidationError for a level that nobody has.
    """
    user.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))
    if reason := _refusal(user, promoter, level):
        raise PromotionRefused(reason)
    if level not in storable_levels():
        raise ValidationError({"level": "is not included in the list"})
    old, new = Level(user.level), Level(level)
    if old == new:
        return
    user.level = new
    user.save(update_fields=["level", "updated_at"])
    _tell(user, promoter, old, new)


def storable_levels() -> list[Level]:
    """Those that a user can have, from the lowest."""
    return [level for level in Level if level != Level.ANONYMOUS]


def _refusal(user: User, promoter: User, level: int) -> str | None:
    rules = [
        (not promoter.is_moderator or promoter.is_banned, "You can't promote or demote other users"),
        (promoter.pk == user.pk, "You can't promote or demote yourself"),
        (level >= promoter.level, "You can't promote other users to your rank or above"),
        (user.level >= promoter.level, "You can't promote or demote other users at your rank or above"),
    ]
    return next((reason for applies, reason in rules if applies), None)


def _tell(user: User, promoter: User, old: Level, new: Level) -> None:
    verb = "promoted" if new > old else "demoted"
    article = "an" if new.label[0] in "AO" else "a"
    text = f"You have been {verb} to {article} {new.label} level account from {old.label}."
    UserFeedback.objects.give(user, promoter, UserFeedback.Category.NEUTRAL, text, dmail=False)
    Dmail.objects.send_automated(user, _TITLE, text)
    description = f'{verb} "{user.name}":/users/{user.pk} from {old.label} to {new.label}'
    ModAction.objects.log(promoter, ModAction.Category.USER_LEVEL_CHANGE, description, user)
