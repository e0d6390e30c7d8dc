"""Progress, and stopping a job where it is safe."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from jobs.engine import progress
from jobs.engine.base import Job
from jobs.engine.context import use_job
from jobs.engine.models import BackgroundJob, JobProgress
from jobs.engine.progress import Reporter
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.keyed_jobs import ReportingJob
from tests.support.sample_jobs import RecordJob


@pytest.fixture
def every_report(monkeypatch):
    monkeypatch.setattr(progress, "INTERVAL", 0.0)


def running(job_class=RecordJob):
    job = job_class.enqueue()
    BackgroundJob.objects.filter(pk=job.pk).update(performed_at=job.enqueued_at, attempts=1)
    job.refresh_from_db()
    return job


@pytest.mark.django_db
def test_what_a_job_reports_is_there_when_it_ends(calls):
    job = ReportingJob.enqueue(3)
    perform_enqueued_jobs()
    report = JobProgress.objects.get(job=job)
    assert (report.done, report.total, report.text, report.percent) == (2, 3, "step 2", 66)


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_at_once_even_inside_a_transaction():
    job = running()
    reporter = Reporter(job)
    with transaction.atomic():
        BackgroundJob.objects.filter(pk=job.pk).exists()
        with use_job(job):
            job.reporter = reporter
            RecordJob().report(5, 10, "half\0way")
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT done, total, text FROM background_job_progress")
                assert cursor.fetchall() == [(5, 10, "halfway")]
        finally:
            other.close()
    reporter.close()


@pytest.mark.django_db(transaction=True)
def test_the_last_word_of_a_burst_is_written_without_another():
    job = running()
    reporter = Reporter(job)
    for done in range(100):
        reporter.report(progress.Progress(done, 100, ""))
    assert JobProgress.objects.get().done < 99
    reporter.close()
    assert JobProgress.objects.get().done == 99


@pytest.mark.django_db
def test_a_running_job_stops_at_its_next_safe_point(calls, every_report):
    job = ReportingJob.enqueue(5)

    class Canceller(list):  # the person who presses the button while step 1 is under way
        pass

    original = ReportingJob.report

    def report(self, done, total=None, text=""):
        if done == 2:
            BackgroundJob.objects.get(pk=job.pk).cancel()
        original(self, done, total, text)

    ReportingJob.report = report
    try:
        perform_enqueued_jobs()
    finally:
        ReportingJob.report = original
    job.refresh_from_db()
    assert job.error == "JobCanceled: Canceled"
    assert calls == [0, 1]


@pytest.mark.django_db
def test_a_job_that_another_worker_took_over_stops(every_report):
    job = running()
    job.began_in_transaction = True
    BackgroundJob.objects.filter(pk=job.pk).update(attempts=2)
    with use_job(job), pytest.raises(progress.JobLost):
        RecordJob().check()


def test_in_call_there_is_nobody_to_tell():
    class Plain(Job):
        def perform(self) -> str:
            self.report(1, 2, "x")
            self.check()
            return "done"

    assert Plain.call() == "done"


@pytest.mark.parametrize(
    ("done", "total", "percent"),
    [(0, None, None), (0, 0, None), (5, 0, None), (1, 3, 33), (9, 3, 100), (-1, 3, 0)],
)
def test_percent_is_whole_and_bounded(done, total, percent):
    assert JobProgress(done=done, total=total).percent == percent


class OverflowingJob(Job):
    """Reports what no database holds, and goes on with its own work."""

    def perform(self, *numbers: Any) -> None:
        with suppress(ValueError):
            self.report(*numbers)
        Session.objects.create(session_key="after", session_data="", expire_date=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("numbers", [(2**70,), (1, 2**70), (-(2**63) - 1,), (10**3000,)])
def test_a_number_that_is_too_large_is_refused_and_breaks_nothing(numbers):
    with transaction.atomic():
        OverflowingJob.enqueue(*numbers)
        (job,) = perform_enqueued_jobs()
    assert job.error is None
    assert Session.objects.filter(session_key="after").exists()


class TextJob(Job):
    def perform(self, text: str) -> None:
        self.report(1, text=text + "\ud800")


@pytest.mark.django_db
def test_the_line_of_text_is_cut():
    TextJob.enqueue("x" * 100_000)
    (job,) = perform_enqueued_jobs()
    assert job.error is None
    assert len(job.progress.text) < 1200
