"""Each job does its one thing; the rules themselves are tested with the services."""

import logging
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from booru.models import LoginSession, RateLimit, Tag, TagAlias, User
from jobs import schedule
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import enqueued_jobs, perform_enqueued_jobs
from jobs.maintenance import (
    ExpireLoginSessionsJob,
    PruneBansJob,
    PruneBulkUpdateRequestsJob,
    PruneJobsJob,
    PruneRateLimitsJob,
    RegeneratePostCountsJob,
    RetireTagRelationshipsJob,
    VacuumDatabaseJob,
)
from tests.support.factories import UserFactory
from tests.support.tag_factories import make_alias, make_post, make_request, make_tag

pytestmark = pytest.mark.django_db
JOBS = [job for jobs in schedule.LISTS.values() for job in jobs]


def test_unused_rate_limits_are_pruned():
    RateLimit.objects.take("write", ["users/1"], rate=1, burst=5)
    RateLimit.objects.update(updated_at=timezone.now() - timedelta(minutes=61))
    PruneRateLimitsJob.call()
    assert not RateLimit.objects.exists()


def test_log_ins_that_nobody_uses_expire():
    month_ago = timezone.now() - timedelta(days=29)
    LoginSession.objects.create(user=UserFactory(), last_seen_at=month_ago)
    Session.objects.create(
        session_key="old", session_data="", expire_date=timezone.now() - timedelta(hours=1)
    )
    Session.objects.create(
        session_key="new", session_data="", expire_date=timezone.now() + timedelta(hours=1)
    )
    ExpireLoginSessionsJob.call()
    assert LoginSession.objects.get().status_name == "expired"
    assert Session.objects.get().session_key == "new"


def test_each_corrected_post_count_is_logged(caplog):
    make_post("right wrong")
    Tag.objects.filter(name="wrong").update(post_count=7)
    make_tag("unused", post_count=3)
    with caplog.at_level(logging.INFO, "booru.maintenance"):
        RegeneratePostCountsJob.call()
    assert caplog.messages == [
        "Corrected the post count of unused: 3 -> 0",
        "Corrected the post count of wrong: 7 -> 1",
    ]


def test_old_jobs_are_pruned_only_when_finished(settings):
    settings.JOBS_RETENTION = timedelta(days=3)
    waiting, old, recent = (PruneRateLimitsJob.enqueue() for _ in range(3))
    now = timezone.now()
    for job, finished_at in ((old, now - timedelta(days=3, minutes=1)), (recent, now - timedelta(days=2))):
        changes = {"performed_at": finished_at, "finished_at": finished_at, "attempts": 1}
        BackgroundJob.objects.filter(pk=job.pk).update(**changes)
    BackgroundJob.objects.update(enqueued_at=now - timedelta(days=30))
    PruneJobsJob.call()
    assert set(BackgroundJob.objects.values_list("pk", flat=True)) == {waiting.pk, recent.pk}


def test_who_is_flagged_as_banned_without_a_ban_is_unflagged():
    flagged, banned = UserFactory(), UserFactory(is_banned=True)
    User.objects.filter(pk=flagged.pk).update(is_banned=True)
    PruneBansJob.enqueue()
    perform_enqueued_jobs(raise_errors=True)
    assert list(User.objects.filter(is_banned=True)) == [banned]


def test_requests_of_46_days_are_rejected():
    bur = make_request("alias a -> b")
    bur.created_at = timezone.now() - timedelta(days=46)
    bur.save()
    PruneBulkUpdateRequestsJob.call()
    bur.refresh_from_db()
    assert bur.status == "rejected"


def test_useless_aliases_are_retired():
    make_tag("empty")
    make_alias("old", "empty")
    RetireTagRelationshipsJob.call()
    assert TagAlias.objects.get().status == "retired"


@pytest.mark.django_db(transaction=True)
def test_the_vacuum_job_vacuums_from_a_worker():
    with connection.cursor() as cursor:
        cursor.execute("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'tags'")
        before = cursor.fetchone()[0]
    VacuumDatabaseJob.enqueue()
    (job,) = perform_enqueued_jobs(VacuumDatabaseJob, raise_errors=True)
    assert job.finished_at
    with connection.cursor() as cursor:
        cursor.execute("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'tags'")
        assert cursor.fetchone()[0] == before + 1


@pytest.mark.parametrize("job_class", JOBS)
def test_every_job_succeeds_on_an_empty_site(job_class):
    job_class.enqueue()
    (job,) = perform_enqueued_jobs(job_class, raise_errors=True)
    assert (job.queue_name, job.priority, job.error) == ("default", 0, None)
    assert job.finished_at


def test_jobs_of_one_class_run_one_at_a_time():
    PruneRateLimitsJob.enqueue()
    PruneRateLimitsJob.enqueue()
    RegeneratePostCountsJob.enqueue()
    assert [job.lock_keys for job in enqueued_jobs()] == [
        ["PruneRateLimitsJob"],
        ["PruneRateLimitsJob"],
        ["RegeneratePostCountsJob"],
    ]


@pytest.mark.parametrize("job_class", JOBS)
def test_a_maintenance_job_may_run_for_24_hours(job_class):
    assert job_class.timeout == timedelta(hours=24)
