"""Who may change posts."""

from __future__ import annotations

from booru.models import Post
from booru.web.http.policies import Policy


class PostPolicy(Policy[Post]):
    """Everybody looks; users in good standing edit (behaviour 0.5, N)."""

    @property
    def can_update(self) -> bool:
        return self.record is not None and self.in_good_standing

    @property
    def can_vote(self) -> bool:
        """Vote, and make it a favorite."""
        return self.record is not None and self.in_good_standing
