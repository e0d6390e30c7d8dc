"""What whoever looks at a user may do with them; the links on profiles and on the page for moderators."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Self

from booru.models import Ban, User, UserFeedback, UserNameChangeRequest
from booru.web.accounts.policies import (
    EmailAddressPolicy,
    PromotionPolicy,
    UserDeletionPolicy,
    UserNameChangeRequestPolicy,
)
from booru.web.moderation.policies import BanPolicy, UserFeedbackPolicy
from booru.web.security.policies import SecondFactorPolicy

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True, slots=True)
class UserTools:
    can_rename: bool
    can_give_feedback: bool
    can_promote: bool
    can_ban: bool
    can_change_ban: bool
    can_change_email: bool
    can_send_backup_code: bool
    can_delete: bool

    @classmethod
    def of(cls, viewer: User | AnonymousUser, user: User, ban: Ban | None) -> Self:
        """`ban` is the user's current one."""
        is_other = viewer != user
        feedback = UserFeedback(user=user)
        return cls(
            can_rename=UserNameChangeRequestPolicy(viewer, UserNameChangeRequest(user=user)).can_create,
            can_give_feedback=is_other and UserFeedbackPolicy(viewer, feedback).can_create,
            can_promote=PromotionPolicy(viewer, user).can_edit,
            can_ban=ban is None and BanPolicy(viewer).can_ban(user),
            can_change_ban=ban is not None and BanPolicy(viewer, ban).can_update,
            can_change_email=is_other and EmailAddressPolicy(viewer, user).can_update,
            can_send_backup_code=bool(user.totp_secret) and SecondFactorPolicy(viewer, user).can_recover,
            can_delete=not user.is_deleted and UserDeletionPolicy(viewer, user).can_destroy,
        )

    @property
    def is_any(self) -> bool:
        return any(astuple(self))
