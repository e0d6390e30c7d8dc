"""Rows that call a class or function by the path that it had when they were written."""

import pytest
from django_q.models import Task
from django_q.tasks import async_task

from booru.models import Level
from jobs.bulk_update_requests import ProcessBulkUpdateRequestJob
from jobs.engine.enqueue.moved import all_paths, current_path
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import perform_enqueued_jobs
from tests.support import sample_jobs
from tests.support.sample_jobs import RecordJob
from tests.support.tag_factories import make_request, make_user

pytestmark = pytest.mark.django_db


def test_a_row_that_says_the_old_path_finds_the_class(settings, calls):
    settings.JOBS_MOVED = {
        "shop.first.RecordJob": "shop.RecordJob",
        "shop.RecordJob": RecordJob.path(),
    }
    RecordJob.enqueue(1)
    BackgroundJob.objects.update(job_class="shop.first.RecordJob")
    perform_enqueued_jobs(raise_errors=True)
    assert calls == [((1,), {})]


def test_a_plain_task_that_says_the_old_path_finds_the_function(settings):
    settings.JOBS_MOVED = {"shop.first.double": f"{sample_jobs.__name__}.double"}
    async_task(sample_jobs.double, 4)
    BackgroundJob.objects.update(job_class="shop.first.double")
    perform_enqueued_jobs(raise_errors=True)
    assert Task.objects.get().result == 8


def test_the_jobs_of_a_request_are_its_own_by_either_path(settings):
    settings.JOBS_MOVED = {"jobs.old.ProcessJob": ProcessBulkUpdateRequestJob.path()}
    bur = make_request("alias a -> b")
    bur.approve(make_user(Level.ADMIN))
    BackgroundJob.objects.update(job_class="jobs.old.ProcessJob")
    assert ProcessBulkUpdateRequestJob.jobs_of(bur).count() == 1
    assert bur.pk not in ProcessBulkUpdateRequestJob.unfinished_except(bur)
    assert list(ProcessBulkUpdateRequestJob.unfinished_except(make_request("alias c -> d"))) == [bur.pk]


def test_paths_that_lead_round_in_a_circle_end(settings):
    settings.JOBS_MOVED = {"a.B": "c.D", "c.D": "a.B"}
    assert current_path("a.B") == "a.B"
    assert all_paths("x.Y") == ["x.Y"]
