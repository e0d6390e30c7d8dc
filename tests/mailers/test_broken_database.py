"""What became of an email is recorded, and it is sent once, whatever the database does meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import connection

from jobs.engine.models import BackgroundJob, JobAttempt, JobStatus
from jobs.engine.testing import perform_enqueued_jobs
from mailers.models import SentMail, SentMailStatus
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_user
from tests.support.clusters import database_url
from tests.support.unruly_server import Fault, UnrulyServer, unruly_server

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)


def severing() -> Callable[[], None]:
    """A function that ends this thread's connection to the database, once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pids = [cursor.fetchone()[0]]

    def sever() -> None:
        if pids:
            with psycopg.connect(database_url(), autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [pids.pop()])

    return sever


def deliver(server: UnrulyServer, use_delivery_url: Callable[[str], None], step: str) -> BackgroundJob:
    use_delivery_url(f"smtp://127.0.0.1:{server.port}")
    UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_later()
    sever = severing()
    server.before_answer = lambda reached: sever() if reached == step else None
    (job,) = perform_enqueued_jobs()
    return job


def test_what_was_sent_is_recorded_once_the_database_is_back(use_delivery_url: Callable[[str], None]) -> None:
    with unruly_server() as server:
        job = deliver(server, use_delivery_url, "message")
    assert (job.attempts, job.error) == (1, None)
    assert SentMail.objects.get().status == SentMailStatus.SENT
    assert len(server.messages) == 1


def test_a_refusal_is_recorded_as_what_it_was(use_delivery_url: Callable[[str], None]) -> None:
    with unruly_server(Fault("RCPT", "550 5.7.1 Go away")) as server:
        job = deliver(server, use_delivery_url, "RCPT")
    assert BackgroundJob.objects.with_status(JobStatus.DISCARDED).get() == job
    assert "Go away" in job.error
    assert "Go away" in SentMail.objects.get().reason


def test_a_connection_that_breaks_before_anything_was_sent_costs_a_wait(
    use_delivery_url: Callable[[str], None],
) -> None:
    with unruly_server() as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}")
        bob = make_user("bob", "bob@example.com")
        UserMailer().welcome_user(bob).deliver_later()
        sever = severing()

        def on_looking_up_the_address(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            if "email_addresses" in sql:
                sever()
            return execute(sql, *rest)

        with connection.execute_wrapper(on_looking_up_the_address):
            (job,) = perform_enqueued_jobs()
        assert BackgroundJob.objects.with_status(JobStatus.RETRIED).get() == job
        assert not server.messages
        (job,) = perform_enqueued_jobs(scheduled=True)
    assert (job.error, len(server.messages)) == (None, 1)
    assert JobAttempt.objects.get().error_class == "OperationalError"
