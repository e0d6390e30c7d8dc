"""When the maintenance jobs are enqueued (behaviour H.3); times are in UTC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from jobs.engine.base import Job
from jobs.engine.cron import CronEntry
from jobs.engine.models.names import words
from jobs.maintenance import (
    ExpireLoginSessionsJob,
    PruneBansJob,
    PruneBulkUpdateRequestsJob,
    PruneJobsJob,
    PruneRateLimitsJob,
    PruneSentMailJob,
    RegeneratePostCountsJob,
    RetireTagRelationshipsJob,
    VacuumDatabaseJob,
)

# In the order in which they are enqueued.
HOURLY: list[type[Job]] = [PruneRateLimitsJob, RegeneratePostCountsJob, PruneJobsJob, PruneBansJob]
DAILY: list[type[Job]] = [
    PruneBulkUpdateRequestsJob,
    ExpireLoginSessionsJob,
    PruneSentMailJob,
    VacuumDatabaseJob,
]
WEEKLY: list[type[Job]] = [RetireTagRelationshipsJob]
MONTHLY: list[type[Job]] = []

# By the names that `manage.py maintenance` takes.
LISTS: Mapping[str, Sequence[type[Job]]] = {
    "hourly": HOURLY,
    "daily": DAILY,
    "weekly": WEEKLY,
    "monthly": MONTHLY,
}


def entries(cron: str, jobs: Sequence[type[Job]]) -> Iterator[CronEntry]:
    """One for each job, all at the same times; the key is the name of the job."""
    for job in jobs:
        yield CronEntry(key=words(job.__name__).lower().replace(" ", "_"), cron=cron, job=job)


SCHEDULE: tuple[CronEntry, ...] = tuple(
    chain(
        entries("0 * * * *", HOURLY),
        entries("0 0 * * *", DAILY),
        entries("0 0 * * 0", WEEKLY),
        entries("0 0 1 * *", MONTHLY),
    )
)
