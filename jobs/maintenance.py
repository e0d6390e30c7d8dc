"""Jobs that keep the site tidy; jobs/schedule.py says when each of them runs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from booru.models import RateLimit
from booru.services.accounts.login_session_expiry import expire_login_sessions
from booru.services.maintenance.bulk_update_request_pruner import prune_bulk_update_requests
from booru.services.maintenance.database_vacuum import vacuum_database
from booru.services.moderation.bans import prune_bans
from booru.services.tags.tag_counts import regenerate_post_counts
from booru.services.tags.tag_relationship_retirement import retire_tag_relationships
from jobs.engine.base import Job
from jobs.engine.retention import prune_jobs
from mailers.retention import prune_sent_mail

logger = logging.getLogger("booru.maintenance")


class MaintenanceJob(Job):
    """Of each class one at a time: a job that was enqueued by hand may meet one of the schedule."""

    @classmethod
    def lock_keys(cls, *args: Any, **kwargs: Any) -> Sequence[str]:  # noqa: ARG003
        return [cls.__name__]


class PruneRateLimitsJob(MaintenanceJob):
    """Delete the buckets that are full again (behaviour J.2)."""

    def perform(self) -> None:
        RateLimit.objects.prune()


class RegeneratePostCountsJob(MaintenanceJob):
    """Correct the post counts of tags, and log each that was wrong (behaviour C.7)."""

    def perform(self) -> None:
        for correction in regenerate_post_counts():
            logger.info("Corrected the post count of %s", correction)


class PruneJobsJob(MaintenanceJob):
    """Delete jobs that finished longer ago than JOBS_RETENTION; never one that is not finished.

    Danbooru deletes jobs by their age, even those that wait or run (behaviour J.5, M.11).
    """

    def perform(self) -> None:
        prune_jobs()


class PruneBansJob(MaintenanceJob):
    """Let users write again whose bans have run out (behaviour J.6)."""

    def perform(self) -> None:
        prune_bans()


class PruneBulkUpdateRequestsJob(MaintenanceJob):
    """Reject requests that nobody approved in time, and warn of it before (behaviour A.13)."""

    def perform(self) -> None:
        prune_bulk_update_requests()


class ExpireLoginSessionsJob(MaintenanceJob):
    """End log-ins that were not used for as long as their cookies live (behaviour I.6)."""

    def perform(self) -> None:
        expire_login_sessions()


class PruneSentMailJob(MaintenanceJob):
    """Forget what was sent to whom longer ago than DANBOORU_SENT_MAIL_RETENTION_DAYS."""

    def perform(self) -> None:
        prune_sent_mail()


class VacuumDatabaseJob(MaintenanceJob):
    """Let PostgreSQL reuse the space of deleted rows, and renew its statistics (behaviour H.4)."""

    def perform(self) -> None:
        vacuum_database()


class RetireTagRelationshipsJob(MaintenanceJob):
    """Retire aliases and implications that are of no use any more (behaviour J.9)."""

    def perform(self) -> None:
        retire_tag_relationships()
