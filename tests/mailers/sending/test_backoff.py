"""A mail server that fails is left alone for a while; the emails wait, and use up no attempts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db.models.functions import Now

from jobs.engine.insight.explain import explain
from jobs.engine.models import BackgroundJob, JobAttempt
from jobs.engine.testing import perform_enqueued_jobs
from mailers.models import MailServerTrouble, SentMail
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_user
from tests.support.unruly_server import Fault, unruly_server

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db

AWAY = Fault("banner", "421 4.3.2 Too busy")


def enqueue(count: int) -> None:
    for number in range(count):
        UserMailer().welcome_user(make_user(f"user{number}", f"user{number}@example.com")).deliver_later()


def test_after_three_failures_in_a_row_the_others_wait(use_delivery_url: Callable[[str], None]) -> None:
    with unruly_server(*[AWAY] * 3) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}")
        enqueue(6)
        perform_enqueued_jobs()
        assert server.connections == 3
    trouble = MailServerTrouble.objects.get()
    assert (trouble.server, trouble.failures) == (f"127.0.0.1:{server.port}", 3)
    waiting = BackgroundJob.objects.order_by("id")[3:]
    for job in waiting:
        assert job.attempts - job.attempts_before_retry == 0
        assert timedelta() < job.run_after - trouble.since < timedelta(minutes=1)
        assert "put off until " in explain(job)
        assert "the mail server 127.0.0.1" in explain(job)
        assert "421" in explain(job)
    assert JobAttempt.objects.count() == 3
    assert SentMail.objects.count() == 3


def test_the_waits_grow_up_to_five_minutes(use_delivery_url: Callable[[str], None]) -> None:
    waits = []
    with unruly_server(*[AWAY] * 9) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}")
        for number in range(9):
            MailServerTrouble.objects.update(retry_at=Now())
            UserMailer().welcome_user(make_user(f"user{number}", f"{number}@example.com")).deliver_later()
            (job,) = perform_enqueued_jobs()
            waits.append(MailServerTrouble.objects.get().retry_at - job.updated_at)
            job.delete()
    assert max(waits[:2]) < timedelta(seconds=5)
    assert [round(wait.total_seconds(), -1) for wait in waits[2:]] == [10, 20, 40, 80, 160, 300, 300]


def test_the_first_email_that_is_taken_ends_it(use_delivery_url: Callable[[str], None]) -> None:
    with unruly_server(*[AWAY] * 3) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}")
        enqueue(6)
        perform_enqueued_jobs()
        MailServerTrouble.objects.update(retry_at=Now())
        perform_enqueued_jobs(scheduled=True)
    assert len(server.messages) == 6
    assert not MailServerTrouble.objects.exists()
    assert set(BackgroundJob.objects.values_list("error", flat=True)) == {None}


def test_another_server_is_not_meant(use_delivery_url: Callable[[str], None]) -> None:
    with unruly_server(*[AWAY] * 3) as one, unruly_server() as two:
        use_delivery_url(f"smtp://127.0.0.1:{one.port}")
        enqueue(3)
        perform_enqueued_jobs()
        use_delivery_url(f"smtp://127.0.0.1:{two.port}")
        perform_enqueued_jobs(scheduled=True)
    assert len(two.messages) == 3


@pytest.mark.parametrize("answer", ["450 4.2.0 Greylisted", "550 5.1.1 No such user"])
def test_what_a_server_says_of_recipients_is_no_failure_of_its_own(
    answer: str, use_delivery_url: Callable[[str], None]
) -> None:
    faults = [AWAY, AWAY, *[Fault("RCPT", answer)] * 5]
    with unruly_server(*faults) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}")
        enqueue(7)
        perform_enqueued_jobs()
        assert server.connections == 7
    assert not MailServerTrouble.objects.exists()


def test_a_page_that_sends_at_once_tries_though(use_delivery_url: Callable[[str], None]) -> None:
    """Nobody would run it later."""
    with unruly_server(*[AWAY] * 3) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}")
        enqueue(4)
        perform_enqueued_jobs()
        UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now()
    assert len(server.messages) == 1
