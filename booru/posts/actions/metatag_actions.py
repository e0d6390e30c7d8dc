"""What metatags do once posts are saved: pools, favorites, votes, favorite groups, status (behaviour D.2).

Danbooru swallows what goes wrong here, and leaves out the rest. Here it is told, and the others are done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from booru.models import Favorite, FavoriteGroup, Post, PostVote
from booru.posts.actions.pool_actions import POOL_ACTIONS, lock_pools

if TYPE_CHECKING:
    from booru.models import Credit
    from booru.posts.tag_edits.tag_edit_terms import Metatag

Action = Callable[["Credit", Sequence[int], str], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """A metatag that could not be carried out, for one post or, without an id, for all of them."""

    metatag: Metatag
    reason: str
    post_id: int | None = None

    def __str__(self) -> str:
        return f"{self.metatag} could not be done: {self.reason}"


def carry_out(credit: Credit, post_ids: Sequence[int], metatags: Sequence[Metatag]) -> list[Problem]:
    """Do all of it for all of the posts, which are locked; returns what could not be done.

    First what locks pools and groups, then what changes the user, for whom everybody waits who acts as them.
    """
    if not post_ids:
        return []
    lock_pools(metatags, post_ids)
    problems = []
    for actions in (_STATUS, POOL_ACTIONS, _GROUPS, _OPINIONS):
        for metatag in metatags:
            action = actions.get(metatag.name)
            problem = _problem(action, credit, post_ids, metatag) if action else None
            if problem:
                problems.append(Problem(metatag, problem))
    return problems


def _problem(action: Action, credit: Credit, post_ids: Sequence[int], metatag: Metatag) -> str | None:
    try:
        with transaction.atomic():
            action(credit, post_ids, metatag.value)
    except ValidationError as error:
        return "; ".join(error.messages)
    return None


def _favorite(credit: Credit, post_ids: Sequence[int], _value: str) -> None:
    _require_good_standing(credit)
    Favorite.objects.add(credit.user, post_ids)


def _unfavorite(credit: Credit, post_ids: Sequence[int], _value: str) -> None:
    _require_good_standing(credit)
    Favorite.objects.remove(credit.user, post_ids)


def _upvote(credit: Credit, post_ids: Sequence[int], _value: str) -> None:
    _require_good_standing(credit)
    PostVote.objects.vote(credit.user, post_ids, 1)


def _downvote(credit: Credit, post_ids: Sequence[int], _value: str) -> None:
    _require_good_standing(credit)
    PostVote.objects.vote(credit.user, post_ids, -1)


def _add_to_group(credit: Credit, post_ids: Sequence[int], value: str) -> None:
    _group(credit, value).add(post_ids)


def _remove_from_group(credit: Credit, post_ids: Sequence[int], value: str) -> None:
    _group(credit, value).remove(post_ids)


def _group(credit: Credit, value: str) -> FavoriteGroup:
    _require_good_standing(credit)
    group = FavoriteGroup.objects.find(credit.user, value)
    if group is None:
        raise ValidationError("you have no such favorite group")
    return group


def _set_status(credit: Credit, post_ids: Sequence[int], value: str) -> None:
    if value == "pending":
        raise ValidationError("only a new post can be made pending")
    if value not in {"active", "banned"}:
        raise ValidationError("a post's status can be set to active or banned")
    _require_approver(credit)
    posts = Post.objects.filter(pk__in=post_ids)
    if value == "banned":
        posts.filter(is_banned=False).update(is_banned=True, updated_at=timezone.now())
    else:
        inactive = posts.filter(Q(is_pending=True) | Q(is_flagged=True) | Q(is_deleted=True))
        inactive.update(
            is_pending=False,
            is_flagged=False,
            is_deleted=False,
            approver=credit.user,
            updated_at=timezone.now(),
        )


def _unset_status(credit: Credit, post_ids: Sequence[int], value: str) -> None:
    if value != "banned":
        raise ValidationError("only banned can be taken back")
    _require_approver(credit)
    posts = Post.objects.filter(pk__in=post_ids, is_banned=True)
    posts.update(is_banned=False, updated_at=timezone.now())


def _disapprove(_credit: Credit, _post_ids: Sequence[int], _value: str) -> None:
    raise ValidationError("posts cannot be disapproved here")


def _require_good_standing(credit: Credit) -> None:
    if not credit.user.is_in_good_standing:
        raise ValidationError("you may not favorite or vote")


def _require_approver(credit: Credit) -> None:
    if not credit.user.is_approver:
        raise ValidationError("only approvers may do this")


_STATUS: dict[str, Action] = {
    "status": _set_status,
    "-status": _unset_status,
    "disapproved": _disapprove,
}
_GROUPS: dict[str, Action] = {"favgroup": _add_to_group, "-favgroup": _remove_from_group}
_OPINIONS: dict[str, Action] = {
    "fav": _favorite,
    "-fav": _unfavorite,
    "upvote": _upvote,
    "downvote": _downvote,
}
