"""Jobs of another version of the code."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.engine.enqueue.job_classes import load_job_class
from jobs.engine.errors import ArgumentsDoNotFit, UnknownJob
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import perform_enqueued_jobs
from jobs.engine.worker import deploys
from tests.support.sample_jobs import FailingJob, NoteJob, RecordJob

pytestmark = pytest.mark.django_db

MISSING = UnknownJob("there is no job class no.such.Job", may_come=True)


def running():
    job = RecordJob.enqueue()
    BackgroundJob.objects.update(performed_at=timezone.now(), attempts=1)
    job.refresh_from_db()
    return job


def failed(job, error_class, minutes):
    job.failed_attempts.create(
        number=job.attempts,
        error_class=error_class,
        message="",
        started_at=job.performed_at,
        duration=timedelta(),
    )
    job.attempts += 1
    job.performed_at += timedelta(minutes=minutes)


def test_it_is_offered_again_ever_later_and_for_some_minutes():
    job = running()
    waits = []
    while wait := deploys.wait_for(job, MISSING):
        waits.append(wait.total_seconds())
        failed(job, deploys.LEFT, minutes=1)
    assert waits == [5, 10, 20, 40, *[60] * 6]


def test_a_person_who_tries_it_again_gives_it_all_the_time_again():
    job = running()
    for _ in range(12):
        failed(job, deploys.LEFT, minutes=1)
    assert deploys.wait_for(job, MISSING) is None
    failed(job, "UnknownJob", minutes=1)
    assert deploys.wait_for(job, MISSING) == timedelta(seconds=5)


def test_only_what_another_version_may_have_is_waited_for():
    job = running()
    assert deploys.wait_for(job, ArgumentsDoNotFit("perform() takes 2 arguments"))
    assert deploys.wait_for(job, UnknownJob("os.getcwd is not a job class")) is None
    assert deploys.wait_for(job, TypeError("of the job's own")) is None


@pytest.mark.parametrize(
    ("path", "may_come"), [("a.b.Job", True), ("Job", False), ("..x", False), ("", False)]
)
def test_a_path_that_is_none_never_comes(path, may_come):
    RecordJob.enqueue()
    BackgroundJob.objects.update(job_class=path)
    (job,) = perform_enqueued_jobs()
    assert job.error.startswith("UnknownJob: ")
    with pytest.raises(UnknownJob) as caught:
        load_job_class(path)
    assert caught.value.may_come is may_come


def test_arguments_that_do_not_fit_are_told_from_errors_of_the_job():
    NoteJob.enqueue("a", 0, "too many")
    FailingJob.enqueue(5)
    wrong, own = perform_enqueued_jobs()
    assert wrong.error.startswith(
        "ArgumentsDoNotFit: NoteJob.perform() takes from 1 to 3 positional arguments"
    )
    assert own.error.startswith("AttributeError: ")
