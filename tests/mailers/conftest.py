"""Mail servers for the tests of emails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailers.sending import connections
from mailers.sending.delivery_url import delivery_settings
from tests.support.smtp_server import mail_server
from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django import Settings

    from tests.support.smtp_server import MailServer


@pytest.fixture(autouse=True)
def site(settings: Settings) -> None:
    settings.DANBOORU_CANONICAL_URL = "https://booru.example"
    settings.DANBOORU_APP_NAME = "Danbooru"
    settings.DANBOORU_MAIL_ADDRESSES = {}


@pytest.fixture
def use_delivery_url(settings: Settings) -> Iterator[Callable[[str], None]]:
    """Send email as this DANBOORU_MAIL_DELIVERY_URL says."""

    def use(url: str) -> None:
        mail = delivery_settings(url)
        settings.EMAIL_BACKEND = mail.backend
        settings.EMAIL_HOST, settings.EMAIL_PORT = mail.host, mail.port
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = mail.username, mail.password
        settings.EMAIL_USE_SSL = mail.use_ssl
        settings.SMTP_OPTIONS = mail.smtp_options
        settings.ANYMAIL = mail.anymail

    yield use
    # This test's server ends, too.
    connections.close()


@pytest.fixture
def server(use_delivery_url: Callable[[str], None]) -> Iterator[MailServer]:
    """A mail server that takes everything, and emails go to it."""
    with mail_server() as running:
        use_delivery_url(f"smtp://127.0.0.1:{running.port}?open_timeout={PATIENCE}&read_timeout={PATIENCE}")
        yield running


@pytest.fixture
def impatient(server: MailServer, use_delivery_url: Callable[[str], None]) -> None:
    """Who sends to the server does not wait for it for long, as it falls silent."""
    use_delivery_url(f"smtp://127.0.0.1:{server.port}?open_timeout={PATIENCE}&read_timeout=2")
