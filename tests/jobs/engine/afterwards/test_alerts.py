"""Emails to the admins about discarded jobs."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db.models import F
from django.db.models.functions import Now

from jobs.engine.afterwards import hooks
from jobs.engine.afterwards.alerts import EVERY, AdminAlertJob, Ended, count
from jobs.engine.base import Job
from jobs.engine.context import RequestContext, use_context
from jobs.engine.models import BackgroundJob, FailureAlert
from jobs.engine.queue.claims import claim_next
from jobs.engine.queue.scope import Worker
from jobs.engine.testing import enqueued_jobs, perform_enqueued_jobs
from jobs.engine.worker import this_process
from jobs.engine.worker.execution import run
from tests.support.admins import ADMINS
from tests.support.at_once import at_once
from tests.support.keyed_jobs import HookedJob
from tests.support.sample_jobs import FailingJob, RecordJob

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def admins(settings):
    settings.ADMINS = ADMINS
    settings.EMAIL_SUBJECT_PREFIX = ""
    settings.JOBS_SITE_URL = "https://booru.example"


class BrokenBackend(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no mail today")


class CountingBackend(EmailBackend):
    """While it sends, another job is discarded."""

    def send_messages(self, messages):
        BackgroundJob.objects.filter(job_class=FailingJob.path()).update(announced=False)
        hooks.take_care()
        return super().send_messages(messages)


class InjectingJob(Job):
    def perform(self) -> None:
        raise type("Bad\r\nBcc", (Exception,), {})("broken")


def fail(times: int = 1) -> list[BackgroundJob]:
    jobs = [FailingJob.enqueue(f"it is broken {n}") for n in range(times)]
    perform_enqueued_jobs()
    return jobs


def an_hour_later() -> None:
    FailureAlert.objects.update(sent_at=F("sent_at") - EVERY)
    BackgroundJob.objects.unfinished().update(run_after=F("run_after") - EVERY)
    perform_enqueued_jobs()


def test_the_first_error_is_told_at_once():
    with use_context(RequestContext(request_id="r-1")):
        (job,) = fail()
    (email,) = mail.outbox
    assert email.to == ["ada@example.com"]
    assert email.subject == "[Jobs] Failing: ValueError (1 time)"
    assert email.body == (
        f"Jobs of the class {FailingJob.path()} were discarded with ValueError 1 time.\n\n"
        f"The first: https://booru.example/jobs/{job.pk}\n"
        "ValueError: it is broken 0\n"
        "Request: r-1\n\n"
        "All jobs: https://booru.example/jobs\n"
    )


def test_those_of_the_same_hour_are_told_together_when_it_is_over():
    fail()
    jobs = [*fail(3), *fail(3)]
    assert len(mail.outbox) == 1
    (waiting,) = enqueued_jobs(AdminAlertJob)
    assert waiting.run_after == FailureAlert.objects.get().sent_at + EVERY
    an_hour_later()
    email = mail.outbox[1]
    assert email.subject == "[Jobs] Failing: ValueError (6 times)"
    assert [str(job.pk) in email.body for job in jobs] == [True] * 6  # the first, and the last five
    assert " UTC.\n" in email.body
    assert FailureAlert.objects.get().count == 0
    an_hour_later()
    assert len(mail.outbox) == 2
    fail()
    assert [email.subject for email in mail.outbox[2:]] == ["[Jobs] Failing: ValueError (1 time)"]


def test_each_class_and_each_error_has_its_own_email():
    HookedJob.enqueue("value")
    fail()
    assert sorted(email.subject for email in mail.outbox) == [
        "[Jobs] Failing: ValueError (1 time)",
        "[Jobs] Hooked: ValueError (1 time)",
    ]


def test_errors_that_the_class_discards_on_are_not_told_nor_is_what_people_cancel():
    HookedJob.enqueue("key")
    RecordJob.enqueue().cancel()
    perform_enqueued_jobs()
    assert mail.outbox == []
    assert not FailureAlert.objects.exists()


@pytest.mark.parametrize(("name", "value"), [("ADMINS", []), ("JOBS_ALERTS", False)])
def test_it_can_be_switched_off(settings, name, value):
    setattr(settings, name, value)
    fail()
    assert not FailureAlert.objects.exists()
    assert not BackgroundJob.objects.filter(job_class=AdminAlertJob.path()).exists()


def test_arguments_are_not_in_the_email_and_long_messages_are_cut():
    class_of_secrets = FailingJob.using(priority=1)
    class_of_secrets.enqueue("x" * 5000)
    HookedJob.enqueue("value", count=87654321)
    perform_enqueued_jobs()
    assert len(mail.outbox) == 2
    for email in mail.outbox:
        assert "87654321" not in email.body
        assert len(email.body) < 2500


def test_a_mail_server_that_is_away_is_tried_again_and_nothing_is_forgotten(settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    fail()
    (waiting,) = enqueued_jobs(AdminAlertJob)
    assert waiting.error == "ConnectionRefusedError: no mail today"
    fail()
    assert enqueued_jobs(AdminAlertJob) == [waiting]
    settings.EMAIL_BACKEND = backend
    perform_enqueued_jobs(scheduled=True)
    assert [email.subject for email in mail.outbox] == ["[Jobs] Failing: ValueError (2 times)"]


def test_an_alert_that_fails_for_good_alerts_nobody_and_the_next_tells_of_all(settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    fail()
    for _ in range(7):
        perform_enqueued_jobs(scheduled=True)
    assert BackgroundJob.objects.discarded().filter(job_class=AdminAlertJob.path()).count() == 1
    assert enqueued_jobs() == []
    assert [alert.job_class for alert in FailureAlert.objects.all()] == [FailingJob.path()]
    settings.EMAIL_BACKEND = backend
    fail()
    assert [email.subject for email in mail.outbox] == ["[Jobs] Failing: ValueError (2 times)"]


def test_what_is_discarded_while_the_email_is_sent_is_told_in_the_next(settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.CountingBackend"
    fail()
    assert [email.subject for email in mail.outbox] == ["[Jobs] Failing: ValueError (1 time)"]
    settings.EMAIL_BACKEND = backend
    perform_enqueued_jobs()
    assert len(mail.outbox) == 1
    assert len(enqueued_jobs(AdminAlertJob)) == 1
    an_hour_later()
    assert [email.subject for email in mail.outbox[1:]] == ["[Jobs] Failing: ValueError (1 time)"]
    assert enqueued_jobs() == []


def test_the_subject_is_one_line():
    InjectingJob.enqueue()
    perform_enqueued_jobs()
    (email,) = mail.outbox
    assert email.subject == "[Jobs] Injecting: Bad Bcc (1 time)"
    assert email.message()["Bcc"] is None


def test_without_a_known_site_the_ids_do(settings):
    settings.JOBS_SITE_URL = ""
    (job,) = fail()
    assert f"The first: {job.pk}\n" in mail.outbox[0].body
    assert "All jobs" not in mail.outbox[0].body


def test_jobs_that_are_destroyed_are_told_of_too(settings):
    settings.JOBS_DESTROY_FAILED = True
    job = FailingJob.enqueue("it is broken 0")
    run(claim_next(Worker(this_process.cluster_id(), os.getpid())))
    perform_enqueued_jobs()
    assert not BackgroundJob.objects.filter(pk=job.pk).exists()
    assert f"/jobs/{job.pk}\nValueError: it is broken 0\n" in mail.outbox[0].body


@pytest.mark.django_db(transaction=True)
def test_clusters_that_count_at_once_enqueue_one_email():
    jobs = []
    for _ in range(6):
        FailingJob.enqueue()
        HookedJob.enqueue("value")
    while job := claim_next(Worker(this_process.cluster_id(), os.getpid())):
        run(job)
        row = BackgroundJob.objects.get(pk=job.pk)
        jobs.append(Ended(row.pk, row.job_class, row.error, None, is_job=True))
    assert at_once(*[lambda job=job: count([job]) for job in jobs]) == [None] * 12
    assert {(alert.error_class, alert.count) for alert in FailureAlert.objects.all()} == {("ValueError", 6)}
    assert len(enqueued_jobs(AdminAlertJob)) == 2


def test_an_alert_waits_no_longer_than_its_hour():
    FailureAlert.objects.create(
        job_class=FailingJob.path(), error_class="ValueError", sent_at=Now() - timedelta(minutes=59)
    )
    fail()
    assert mail.outbox == []
    (waiting,) = enqueued_jobs(AdminAlertJob)
    assert timedelta(0) < waiting.run_after - waiting.enqueued_at <= timedelta(minutes=1)


def test_inline_the_caller_gets_the_error_of_the_job_and_the_admins_their_email(settings):
    settings.JOBS_MODE = "inline"
    with pytest.raises(ValueError, match="broken"):
        FailingJob.enqueue()
    assert [email.subject for email in mail.outbox] == ["[Jobs] Failing: ValueError (1 time)"]


def test_inline_a_mail_server_that_is_away_is_no_error_of_the_callers(settings):
    settings.JOBS_MODE, settings.EMAIL_BACKEND = "inline", f"{__name__}.BrokenBackend"
    with pytest.raises(ValueError, match="broken"):
        FailingJob.enqueue()
    assert [job.status_now for job in BackgroundJob.objects.annotate_status()] == ["retried", "discarded"]
