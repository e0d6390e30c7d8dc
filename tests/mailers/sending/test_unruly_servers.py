"""Mail servers that fail in every way: each email arrives once, and what happened is told (behaviour G.5)."""

from __future__ import annotations

import email
from datetime import timedelta
from email import policy
from typing import TYPE_CHECKING

import pytest
from django.db.models.functions import Now

from jobs.engine.models import BackgroundJob, JobStatus
from jobs.engine.testing import perform_enqueued_jobs
from mailers.models import SentMail, SentMailStatus
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_user
from tests.support.unruly_server import Fault, full_server, unruly_server
from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


def options(*faults: Fault) -> str:
    """Nobody waits for a silent server for long; for any other, as long as a busy machine needs."""
    is_silent = any(fault.answer == "silence" for fault in faults)
    return f"open_timeout={PATIENCE}&read_timeout={2 if is_silent else PATIENCE}"


PASSING = [
    Fault("banner", "421 4.3.2 Too many connections"),
    Fault("banner", "close"),
    Fault("banner", "reset"),
    Fault("banner", "silence"),
    Fault("EHLO", "421 4.3.2 Shutting down"),
    Fault("EHLO", "close"),
    Fault("EHLO", "silence"),
    Fault("MAIL", "451 4.7.1 Greylisted"),
    Fault("MAIL", "421 4.7.0 Slow down"),
    Fault("MAIL", "close"),
    Fault("RCPT", "450 4.2.0 Greylisted"),
    Fault("RCPT", "452 4.2.2 Mailbox full"),
    Fault("RCPT", "421 4.7.0 Slow down"),
    Fault("RCPT", "reset"),
    Fault("RCPT", "silence"),
    Fault("DATA", "451 4.7.1 Greylisted"),
    Fault("DATA", "421 4.7.0 Slow down"),
    Fault("DATA", "silence"),
    Fault("message", "451 4.3.0 Queue file write error"),
    Fault("message", "421 4.3.0 Shutting down"),
    # What it says before the email is about itself, and no judgement on the email.
    Fault("banner", "554 5.7.1 You are on a block list"),
    Fault("banner", "what?"),
    Fault("banner", "220 " + "x" * 9000),
    Fault("EHLO", "250 " + "x" * 9000),
    Fault("MAIL", "what?"),
    Fault("MAIL", "250 " + "x" * 9000),
    Fault("RCPT", ""),
    Fault("DATA", "250 Fine"),
]
# Nobody can know whether the server has the email: nobody said so.
UNANSWERED = [
    Fault("halfway", "close"),
    Fault("halfway", "reset"),
    Fault("halfway", "silence"),
    Fault("message", "close"),
    Fault("message", "reset"),
    Fault("message", "silence"),
    Fault("message", "what?"),
    Fault("message", "250 " + "x" * 9000),
]
FINAL = [
    Fault("MAIL", "550 5.7.1 Sender not allowed"),
    Fault("RCPT", "550 5.1.1 No such user"),
    Fault("RCPT", "553 5.7.1 Relaying denied"),
    Fault("DATA", "554 5.5.1 No valid recipients"),
    Fault("message", "550 5.7.1 This is spam"),
    Fault("message", "552 5.3.4 Too big"),
]


def enqueue() -> BackgroundJob:
    job: BackgroundJob = UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_later()
    return job


def message_id(message: bytes) -> str:
    return str(email.message_from_bytes(message, policy=policy.strict)["Message-ID"])


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: str(fault)[:60])
def test_trouble_that_passes_costs_a_wait_and_no_email(
    fault: Fault, use_delivery_url: Callable[[str], None]
) -> None:
    with unruly_server(fault) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?{options(fault)}")
        enqueued = enqueue()
        (job,) = perform_enqueued_jobs()
        assert BackgroundJob.objects.with_status(JobStatus.RETRIED).get() == job
        assert timedelta(seconds=2.5) < job.run_after - job.updated_at < timedelta(seconds=60)
        failed = SentMail.objects.get()
        assert failed.status == SentMailStatus.FAILED
        is_quoted = fault.answer[:3].isdigit() and len(fault.answer) < 1000
        if is_quoted and fault.at != "EHLO":  # Python tries HELO then, on a dead connection
            assert fault.answer[4:] in failed.reason
        assert not server.messages

        (job,) = perform_enqueued_jobs(scheduled=True)
    assert (job.attempts, job.error) == (2, None)
    sent = SentMail.objects.get()
    assert (sent.pk, sent.status, sent.reason) == (failed.pk, SentMailStatus.SENT, "")
    assert [message_id(message) for message in server.messages] == [f"<{enqueued.pk}@booru.example>"]


@pytest.mark.parametrize("fault", UNANSWERED, ids=lambda fault: str(fault)[:60])
def test_an_email_without_an_answer_waits_long_for_its_next_attempt(
    fault: Fault, use_delivery_url: Callable[[str], None]
) -> None:
    with unruly_server(fault) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?{options(fault)}")
        enqueue()
        (job,) = perform_enqueued_jobs()
        assert job.run_after - job.updated_at == timedelta(minutes=5)
        assert SentMail.objects.get().reason.startswith("Unanswered: ")
        (job,) = perform_enqueued_jobs(scheduled=True)
    assert (job.attempts, job.error) == (2, None)
    assert SentMail.objects.get().status == SentMailStatus.SENT
    assert len(server.messages) == 1


def test_a_server_that_never_answers_gets_three_copies(
    use_delivery_url: Callable[[str], None],
) -> None:
    with unruly_server(*[Fault("message", "lost")] * 3) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?{options()}")
        enqueue()
        waits = []
        for _ in range(2):
            (job,) = perform_enqueued_jobs()
            waits.append(job.run_after - job.updated_at)
            BackgroundJob.objects.update(run_after=Now())
        (job,) = perform_enqueued_jobs()
    assert waits == [timedelta(minutes=5), timedelta(minutes=30)]
    assert BackgroundJob.objects.with_status(JobStatus.DISCARDED).get() == job
    assert job.error.startswith("NeverAnswered: it was given to the server 3 times; the last time ")
    assert len(server.messages) == 3
    assert SentMail.objects.get().status == SentMailStatus.FAILED


DRIPS = [Fault("banner", "drip"), Fault("EHLO", "drip"), Fault("RCPT", "drip"), Fault("banner", "flood")]


@pytest.mark.parametrize("fault", DRIPS, ids=str)
def test_a_server_that_never_comes_to_an_end_is_left(
    fault: Fault, use_delivery_url: Callable[[str], None]
) -> None:
    """No single wait is too long; all of them are."""
    with unruly_server(fault) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?{options()}&total_timeout=1")
        enqueue()
        (job,) = perform_enqueued_jobs()
        assert BackgroundJob.objects.with_status(JobStatus.RETRIED).get() == job
        expected = "does not end" if fault.answer == "flood" else "longer than 1 s in all"
        assert expected in SentMail.objects.get().reason
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?{options()}")
        (job,) = perform_enqueued_jobs(scheduled=True)
    assert (job.error, len(server.messages)) == (None, 1)


@pytest.mark.parametrize("fault", FINAL, ids=str)
def test_a_refusal_for_good_is_not_tried_again(fault: Fault, use_delivery_url: Callable[[str], None]) -> None:
    with unruly_server(fault) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?{options(fault)}")
        enqueue()
        (job,) = perform_enqueued_jobs()
        assert perform_enqueued_jobs(scheduled=True) == []
    assert BackgroundJob.objects.with_status(JobStatus.DISCARDED).get() == job
    assert fault.answer[4:] in job.error
    record = SentMail.objects.get()
    is_bounce = fault.at == "RCPT" and "5.1.1" in fault.answer
    assert record.status == (SentMailStatus.BOUNCED if is_bounce else SentMailStatus.FAILED)
    assert fault.answer[4:] in record.reason
    assert (server.connections, server.messages) == (1, [])


def test_an_answer_that_gets_lost_repeats_the_same_message_id(
    use_delivery_url: Callable[[str], None],
) -> None:
    """The server took the email and we cannot know it; the receiver drops the second copy by its id."""
    with unruly_server(Fault("message", "lost")) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?{options()}")
        job = enqueue()
        perform_enqueued_jobs(scheduled=True)
    assert [message_id(message) for message in server.messages] == [f"<{job.pk}@booru.example>"] * 2
    assert SentMail.objects.get().status == SentMailStatus.SENT


@pytest.mark.parametrize("answer", ["close", "reset", "silence", "500 What?", "421 Bye now"])
def test_what_goes_wrong_after_the_email_was_taken_does_not_send_it_again(
    answer: str, use_delivery_url: Callable[[str], None]
) -> None:
    with unruly_server(Fault("QUIT", answer)) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?{options(Fault('QUIT', answer))}")
        enqueue()
        (job,) = perform_enqueued_jobs(scheduled=True)
    assert (job.attempts, job.error, len(server.messages)) == (1, None, 1)
    assert SentMail.objects.get().status == SentMailStatus.SENT


def test_a_server_that_does_not_let_us_in_costs_the_open_time_out(
    use_delivery_url: Callable[[str], None],
) -> None:
    with full_server() as port:
        use_delivery_url(f"smtp://127.0.0.1:{port}?open_timeout=0.5")
        enqueue()
        (job,) = perform_enqueued_jobs()
    assert BackgroundJob.objects.with_status(JobStatus.RETRIED).get() == job
    assert SentMail.objects.get().reason == "TimeoutError: timed out"


def test_trouble_on_every_attempt_ends_with_the_last_error(use_delivery_url: Callable[[str], None]) -> None:
    answers = [f"45{number} Attempt {number + 1}" for number in range(8)]
    with unruly_server(*(Fault("RCPT", answer) for answer in answers)) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?{options()}")
        enqueue()
        jobs = perform_enqueued_jobs(scheduled=True)
    assert (len(jobs), server.connections, server.messages) == (8, 8, [])
    assert BackgroundJob.objects.with_status(JobStatus.DISCARDED).get() == jobs[-1]
    assert "Attempt 8" in jobs[-1].error
    assert "Attempt 8" in SentMail.objects.get().reason


def test_an_email_gets_through_after_every_kind_of_trouble(use_delivery_url: Callable[[str], None]) -> None:
    faults = [
        Fault("banner", "close"),
        Fault("MAIL", "451 Greylisted"),
        Fault("RCPT", "450 Greylisted"),
        Fault("DATA", "451 Greylisted"),
        Fault("halfway", "reset"),
        Fault("message", "silence"),
        Fault("RCPT", "450 Slow down"),
    ]
    with unruly_server(*faults) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?{options(*faults)}")
        job = enqueue()
        jobs = perform_enqueued_jobs(scheduled=True)
    assert len(jobs) == 8
    assert (jobs[-1].attempts, jobs[-1].error) == (8, None)
    assert [message_id(message) for message in server.messages] == [f"<{job.pk}@booru.example>"]
    assert SentMail.objects.get().status == SentMailStatus.SENT


def test_a_refusal_that_is_not_about_the_mailbox_leaves_the_address_alone(
    use_delivery_url: Callable[[str], None],
) -> None:
    with unruly_server(Fault("message", "550 5.7.1 This is spam")) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?{options()}")
        bob = make_user("bob", "bob@example.com")
        UserMailer().welcome_user(bob).deliver_later()
        perform_enqueued_jobs()
    bob.email_address.refresh_from_db()
    assert bob.email_address.is_deliverable
    assert bob.email_address.is_verified
