"""Encryption on the way to the mail server."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest

from jobs.engine.models import BackgroundJob, JobStatus
from jobs.engine.testing import perform_enqueued_jobs
from jobs.mail import TemporaryDeliveryError
from mailers.models import SentMail
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_user
from tests.support.smtp_server import mail_server
from tests.support.unruly_server import Fault, unruly_server
from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate"),
]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1, in one file with its key."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


def make_certificate(folder: Path, name: str = "IP:127.0.0.1", days: int = 2) -> Path:
    """A self-signed certificate for so many days from now on, in one file with its key."""
    (folder / "names").write_text(f"subjectAltName={name}")
    for command in (
        "req -newkey rsa:2048 -nodes -subj /CN=mail.example -keyout key.pem -out request.pem",
        f"x509 -req -in request.pem -signkey key.pem -extfile names -days {days} -out cert.pem",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes((folder / "cert.pem").read_bytes() + (folder / "key.pem").read_bytes())
    return both


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    return server_context(certificate)


def send() -> None:
    UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_now()


@pytest.mark.parametrize("options", ["", "&enable_starttls=true", "&enable_starttls_auto=true"])
def test_starttls_is_used_where_it_is_offered(
    options: str, tls: ssl.SSLContext, certificate: Path, use_delivery_url: Callable[[str], None]
) -> None:
    # This server takes nothing without STARTTLS.
    with mail_server(starttls=tls) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?ca_file={certificate}{options}")
        send()
        assert len(server.received) == 1


def test_encrypted_from_the_start(
    tls: ssl.SSLContext, certificate: Path, use_delivery_url: Callable[[str], None]
) -> None:
    with mail_server(tls=tls) as server:
        use_delivery_url(f"smtps://127.0.0.1:{server.port}?ca_file={certificate}")
        send()
        assert len(server.received) == 1


def test_a_certificate_that_nobody_vouches_for_gets_no_email(
    tls: ssl.SSLContext, use_delivery_url: Callable[[str], None]
) -> None:
    with mail_server(starttls=tls) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}")
        with pytest.raises(TemporaryDeliveryError, match="SSLCertVerificationError"):
            send()
        assert not server.received
    assert SentMail.objects.get().reason.startswith("SSLCertVerificationError")


def test_it_is_taken_when_one_says_so(tls: ssl.SSLContext, use_delivery_url: Callable[[str], None]) -> None:
    with mail_server(starttls=tls) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?openssl_verify_mode=none")
        send()
        assert len(server.received) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault("STARTTLS", "454 4.7.0 TLS not available for now"),
        Fault("handshake", "close"),
        Fault("handshake", "reset"),
        Fault("handshake", "silence"),
    ],
    ids=str,
)
def test_an_encryption_that_fails_for_now_is_tried_again(
    fault: Fault, tls: ssl.SSLContext, certificate: Path, use_delivery_url: Callable[[str], None]
) -> None:
    with unruly_server(fault, tls=tls) as server:
        seconds = 2 if fault.answer == "silence" else PATIENCE
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?ca_file={certificate}&read_timeout={seconds}")
        UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_later()
        perform_enqueued_jobs()
        assert BackgroundJob.objects.with_status(JobStatus.RETRIED).exists()
        (job,) = perform_enqueued_jobs(scheduled=True)
    assert (job.error, len(server.messages)) == (None, 1)


def test_something_else_than_encryption_gets_no_email(
    tls: ssl.SSLContext, certificate: Path, use_delivery_url: Callable[[str], None]
) -> None:
    with unruly_server(Fault("handshake", "250 This is not TLS"), tls=tls) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?ca_file={certificate}")
        with pytest.raises(TemporaryDeliveryError, match="SSLError"):
            send()
    assert not server.messages


@pytest.mark.parametrize(("name", "days"), [("DNS:mail.example", 2), ("IP:127.0.0.1", -1)])
def test_a_certificate_of_another_host_or_from_yesterday_gets_no_email(
    name: str, days: int, tmp_path: Path, use_delivery_url: Callable[[str], None]
) -> None:
    certificate = make_certificate(tmp_path, name, days)
    with unruly_server(tls=server_context(certificate)) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?ca_file={certificate}")
        UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_later()
        (job,) = perform_enqueued_jobs()
    assert job.error.startswith("TemporaryDeliveryError: SSLCertVerificationError")
    assert BackgroundJob.objects.with_status(JobStatus.RETRIED).get() == job
    assert not server.messages
