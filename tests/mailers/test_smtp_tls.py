"""Encryption on the way to the mail server."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest

from mailers.models import SentMail
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_user
from tests.mailers.smtp_server import mail_server

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
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout key.pem -out cert.pem"
    )
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_bytes((folder / "cert.pem").read_bytes() + (folder / "key.pem").read_bytes())
    return both


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


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


def test_a_certificate_that_nobody_vouches_for_is_refused_for_good(
    tls: ssl.SSLContext, use_delivery_url: Callable[[str], None]
) -> None:
    with mail_server(starttls=tls) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}")
        with pytest.raises(ssl.SSLCertVerificationError):
            send()
        assert not server.received
    assert SentMail.objects.get().reason.startswith("SSLCertVerificationError")


def test_it_is_taken_when_one_says_so(tls: ssl.SSLContext, use_delivery_url: Callable[[str], None]) -> None:
    with mail_server(starttls=tls) as server:
        use_delivery_url(f"smtp://127.0.0.1:{server.port}?openssl_verify_mode=none")
        send()
        assert len(server.received) == 1
