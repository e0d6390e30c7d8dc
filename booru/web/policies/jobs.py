"""Who may manage jobs."""

from __future__ import annotations

from booru.models import Level
from booru.web.policies.base import Policy


class JobPolicy(Policy[object]):
    """The page /jobs (behaviour H.5)."""

    @property
    def can_manage(self) -> bool:
        """See arguments and errors; cancel, retry, run and delete jobs."""
        return self.level >= Level.ADMIN
