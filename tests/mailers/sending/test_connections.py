"""A worker sends several emails over one connection, and none is lost when that breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobs.engine.models import BackgroundJob
from jobs.engine.testing import perform_enqueued_jobs
from mailers.models import SentMail
from mailers.sending import connections
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_user
from tests.support.smtp_server import mail_server
from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.smtp_server import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    connections.close()
    # Between two emails a busy machine may need long.
    monkeypatch.setattr(connections, "_IDLE", PATIENCE)
    yield
    connections.close()


def send(count: int) -> None:
    for _ in range(count):
        number = BackgroundJob.objects.count()
        UserMailer().welcome_user(make_user(f"user{number}", f"user{number}@example.com")).deliver_later()
    perform_enqueued_jobs(scheduled=True)
    assert not BackgroundJob.objects.filter(error__isnull=False).exists()


def test_several_emails_go_over_one_connection(server: MailServer) -> None:
    send(3)
    assert (len(server.received), len(server.peers)) == (3, 1)


def test_a_connection_is_not_used_for_ever(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_EMAILS", 2)
    send(5)
    assert (len(server.received), len(server.peers)) == (5, 3)


def test_a_connection_is_not_kept_for_long(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_IDLE", 0)
    send(2)
    assert len(server.peers) == 2


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("reply", ["451 Try again later", "421 Too busy", "close", "silence"])
def test_after_an_error_a_new_one_is_opened(reply: str, server: MailServer) -> None:
    send(1)
    server.replies = [reply]
    send(2)
    assert len(server.received) == 3
    assert SentMail.objects.filter(status="sent").count() == 3


def test_a_server_that_hung_up_meanwhile_costs_no_attempt(server: MailServer) -> None:
    send(1)
    connections._here.kept.backend.connection.sock.shutdown(2)
    send(1)
    assert (len(server.received), len(server.peers)) == (2, 2)
    assert set(BackgroundJob.objects.values_list("attempts", flat=True)) == {1}


def test_another_server_gets_a_connection_of_its_own(
    server: MailServer, use_delivery_url: Callable[[str], None]
) -> None:
    send(1)
    with mail_server() as other:
        use_delivery_url(f"smtp://127.0.0.1:{other.port}")
        send(1)
        connections.close()
    assert (len(server.received), len(other.received)) == (1, 1)


def test_what_is_sent_at_once_leaves_no_connection_open(server: MailServer) -> None:
    UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now()
    assert len(server.received) == 1
    assert getattr(connections._here, "kept", None) is None
