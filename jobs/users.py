"""Jobs of users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.bulk_update_requests import TEMPORARY_ERRORS
from jobs.engine.base import Job
from jobs.engine.retry import Retry, exponential

if TYPE_CHECKING:
    from booru.models import User


class UserJob(Job):
    """Work that may be begun again wherever it ended."""

    retry = Retry(on=TEMPORARY_ERRORS, attempts=5, wait=exponential(seconds=2))


class DeleteUserJob(UserJob):
    """Remove what a deleted account leaves behind, as far as it takes its time (behaviour I.2)."""

    def perform(self, user: User) -> None:
        user.finish_deletion()


class DeleteFavoritesJob(UserJob):
    """Remove all favorites of a user (behaviour H.4)."""

    def perform(self, user: User) -> None:
        user.delete_favorites()
