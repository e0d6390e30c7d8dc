"""Who searches, which decides what may be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from booru.models import User


@dataclass(frozen=True, slots=True)
class Searcher:
    # None is an anonymous visitor.
    user: User | None

    def is_allowed_to_see_favorites_of(self, owner: User) -> bool:
        return not owner.enable_private_favorites or self.is_allowed_to_see_secrets_of(owner)

    def is_allowed_to_see_secrets_of(self, owner: User) -> bool:
        """Such as votes: everybody sees their own, admins all."""
        return self.user is not None and (self.user == owner or self.user.is_admin)
