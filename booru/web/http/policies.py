"""What every policy is made of, and who may manage jobs."""

from __future__ import annotations

from typing import Generic, TypeVar

from django.contrib.auth.models import AnonymousUser

from booru.models import Level, User
from booru.web.http.errors import AccessDenied

RecordT = TypeVar("RecordT")


def authorize(allowed: bool) -> None:
    """Raise AccessDenied unless `allowed`."""
    if not allowed:
        raise AccessDenied


class Policy(Generic[RecordT]):
    """What one user, or an anonymous visitor, may do with one record or with a kind of record.

    Unless a policy says otherwise everybody may look and nobody may touch.
    """

    def __init__(self, user: User | AnonymousUser, record: RecordT | None = None) -> None:
        self.user = user if isinstance(user, User) else None
        self.record = record

    @property
    def level(self) -> int:
        return self.user.level if self.user else Level.ANONYMOUS

    @property
    def is_logged_in(self) -> bool:
        return self.user is not None

    @property
    def in_good_standing(self) -> bool:
        """At least a member, and not banned."""
        return self.user is not None and self.level >= Level.MEMBER and not self.user.is_banned

    @property
    def can_index(self) -> bool:
        return True

    @property
    def can_show(self) -> bool:
        return True

    def _is_me(self, user_id: int | None) -> bool:
        return self.user is not None and self.user.pk == user_id


class OwnRecordPolicy(Policy[RecordT]):
    """One's own alone, which nobody else sees: records with a user_id."""

    @property
    def can_index(self) -> bool:
        return self.is_logged_in

    @property
    def can_create(self) -> bool:
        return self.is_logged_in

    @property
    def can_update(self) -> bool:
        return self.record is not None and self._is_me(getattr(self.record, "user_id", None))


class JobPolicy(Policy[object]):
    """The page /jobs (behaviour H.5)."""

    @property
    def can_manage(self) -> bool:
        """See arguments and errors; cancel, retry, run and delete jobs."""
        return self.level >= Level.ADMIN
