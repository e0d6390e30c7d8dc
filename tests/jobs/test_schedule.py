from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F

from jobs import maintenance, schedule
from jobs.engine import cron
from jobs.engine.base import Job
from jobs.engine.models import BackgroundJob, CronState
from jobs.engine.testing import enqueued_jobs

# Danbooru's lists (behaviour H.3), without AmcheckDatabase, which is disabled there.
DANBOORU = {
    "hourly": "PrunePosts PruneRateLimits RegeneratePostCounts PruneUploads PruneJobs PruneBans",
    "daily": "PrunePostDisapprovals PruneBulkUpdateRequests BigqueryExportAll VacuumDatabase",
    "weekly": "RetireTagRelationships DmailInactiveApprovers",
    "monthly": "PruneApprovers",
}


@pytest.mark.parametrize("name", DANBOORU)
def test_a_list_has_danboorus_order(name):
    existing = [
        getattr(maintenance, f"{job}Job")
        for job in DANBOORU[name].split()
        if hasattr(maintenance, f"{job}Job")
    ]
    assert [job for job in schedule.LISTS[name] if job in existing] == existing


def test_every_job_is_in_one_list():
    jobs = {
        value
        for value in vars(maintenance).values()
        if isinstance(value, type) and issubclass(value, maintenance.MaintenanceJob)
    } - {maintenance.MaintenanceJob}
    listed = [job for jobs in schedule.LISTS.values() for job in jobs]
    assert len(listed) == len(set(listed))
    assert set(listed) == jobs


def test_the_schedule_says_when():
    assert {(entry.key, entry.cron) for entry in schedule.SCHEDULE} == {
        ("prune_rate_limits", "0 * * * *"),
        ("regenerate_post_counts", "0 * * * *"),
        ("prune_jobs", "0 * * * *"),
        ("prune_bans", "0 * * * *"),
        ("prune_bulk_update_requests", "0 0 * * *"),
        ("expire_login_sessions", "0 0 * * *"),
        ("prune_sent_mail", "0 0 * * *"),
        ("vacuum_database", "0 0 * * *"),
        ("retire_tag_relationships", "0 0 * * 0"),
    }


# 1 February 2026 was a Sunday.
@pytest.mark.parametrize(
    ("key", "tick"),
    [
        ("prune_jobs", datetime(2026, 2, 4, 16, 0, tzinfo=UTC)),
        ("vacuum_database", datetime(2026, 2, 4, tzinfo=UTC)),
        ("retire_tag_relationships", datetime(2026, 2, 1, tzinfo=UTC)),
    ],
)
def test_the_last_tick_before_a_wednesday_afternoon(key, tick):
    assert cron.find(key).last_tick(datetime(2026, 2, 4, 16, 40, tzinfo=UTC)) == tick


def test_a_monthly_job_runs_on_the_first_at_midnight():
    (entry,) = schedule.entries("0 0 1 * *", [Job])
    now = datetime(2026, 2, 4, 16, 40, tzinfo=UTC)
    assert entry.last_tick(now) == datetime(2026, 2, 1, tzinfo=UTC)
    assert entry.next_tick(now) == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_a_cluster_enqueues_what_is_due_in_the_order_of_the_lists():
    cron.tick()
    assert not BackgroundJob.objects.exists()
    CronState.objects.update(last_tick_at=F("last_tick_at") - timedelta(days=40))
    cron.tick()
    wanted = [entry.job.path() for entry in schedule.SCHEDULE]
    assert [job.job_class for job in enqueued_jobs()] == wanted
