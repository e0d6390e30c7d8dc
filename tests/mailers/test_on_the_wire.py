"""Every email as its receiver gets it: from a real mail server, with every link opened."""

from __future__ import annotations

import email
import re
from email import policy
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from booru.models import UserEvent
from jobs.engine.testing import perform_enqueued_jobs
from tests.mailers.people import every_email, make_user
from tests.mailers.reading import Links, parts

if TYPE_CHECKING:
    from email.message import EmailMessage

    from booru.models import User
    from tests.support.smtp_server import MailServer

pytestmark = pytest.mark.django_db
SITE = "https://booru.example"

# The page that each link ends at, by its words.
LEADS_TO = {
    "Danbooru": "front_page",
    "D": "front_page",
    "Privacy": "privacy",
    "Contact": "contact",
    "tell us": "contact",
    "Unsubscribe": "email_notification",
    "Click here": "email_notification",
    "disable notifications": "email_notification",
    "settings": "settings",
    "bob": "user",
    "alice": "user",
    "Reply": "new_dmail",
    "View message": "dmail",
    "Verify email address": "user",
    "Reset password": "edit_password_reset",
    "Verify login": "login",
    "change your password": "password_reset",
    "Reset your password": "password_reset",
    "all your API keys": "api_keys",
    "Login": "login",
    "Update 2FA": "edit_totp",
    "View backup codes": "backup_codes",
    "form for copyright complaints": "dmca",
}
FOR_VISITORS = {"Reset password", "Verify login", "change your password", "Reset your password", "Login"}


@pytest.fixture
def bob() -> User:
    return make_user("bob", "bob@example.com", verified=False)


@pytest.fixture
def emails(bob: User, server: MailServer) -> dict[str, EmailMessage]:
    """Each email as it came out of the mail server, by its name."""
    bob.email_address.is_verified = True
    bob.email_address.save()
    deliveries = every_email(bob)
    for delivery in deliveries.values():
        delivery.deliver_later()
    perform_enqueued_jobs(raise_errors=True)
    contents = [envelope.content for envelope in server.received]
    messages = [email.message_from_bytes(content, policy=policy.strict) for content in contents]
    return dict(zip(deliveries, messages, strict=True))


def test_each_has_html_and_text_and_no_defect(emails: dict[str, EmailMessage]) -> None:
    for name, message in emails.items():
        assert message.get_content_type() == "multipart/alternative", name
        types = [part.get_content_type() for part in message.iter_parts()]
        assert types == ["text/plain", "text/html"], name
        for value in message.values():
            assert not value.defects, (name, value)
        for part in message.walk():
            assert not part.defects, name
        html, text = parts(message)
        assert "<title>" in html, name
        assert not re.search(r"{{|{%|None\b", html + text), name


def test_every_link_leads_where_it_says(emails: dict[str, EmailMessage], bob: User, client: Client) -> None:
    client.post("/session", {"session[name]": "bob", "session[password]": "password"})
    seen = set()
    for name, message in emails.items():
        html, text = parts(message)
        for label, href in Links(html).found:
            if href.startswith("mailto:"):
                continue
            assert href.startswith(f"{SITE}/"), (name, label, href)
            assert href in text, (name, label, href)
            visitor = Client() if label in FOR_VISITORS else client
            response = visitor.get(href.removeprefix(SITE), follow=True)
            assert response.status_code == 200, (name, label, href)
            assert response.resolver_match.url_name == LEADS_TO[label], (name, label, href)
            seen.add(label)
    assert seen == set(LEADS_TO)
    assert not UserEvent.objects.filter(user=bob, category=UserEvent.Category.LOGIN_VERIFICATION).exists()


def test_every_address_in_a_text_opens(emails: dict[str, EmailMessage], client: Client) -> None:
    client.post("/session", {"session[name]": "bob", "session[password]": "password"})
    for name, message in emails.items():
        _, text = parts(message)
        urls = re.findall(rf"{SITE}(/[^\s]*)", text)
        assert urls, name
        for url in urls:
            # Those of a complaint are the complainant's.
            if not url.startswith("/posts/"):
                assert client.get(url, follow=True).status_code == 200, (name, url)
