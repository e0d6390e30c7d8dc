"""Links in emails lead where they say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mailers.content import links
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_dmail, make_user
from tests.support.buttons import click

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

    from mailers.base import Delivery

pytestmark = pytest.mark.django_db
SITE = "https://booru.example"


def paths(delivery: Delivery) -> set[str]:
    """The pages of the site that both parts link to."""
    message = delivery.message
    assert isinstance(message.body, str)
    html = str(message.alternatives[0].content).replace("&amp;", "&")
    return set(re.findall(rf"{SITE}([^\s\"<]*)", html + message.body))


def test_every_link_opens_for_its_reader(client: Client) -> None:
    bob = make_user("bob", "bob@example.com", verified=False)
    client.force_login(bob)
    dmail = make_dmail(make_user("alice"), bob, body="[[hatsune miku]] is at /posts")
    mailer = UserMailer()
    found = paths(mailer.dmail_notice(dmail)) | paths(mailer.welcome_user(bob))
    assert len(found) >= 8
    for path in found:
        response = client.get(path, follow=True)
        assert response.status_code == (404 if path.startswith("/wiki_pages") else 200), path


def test_the_verification_link_needs_no_login_and_verifies(client: Client) -> None:
    bob = make_user("bob", "bob@example.com", verified=False)
    click(client, links.verify_url(bob.email_address).removeprefix(SITE), "Verify email address")
    bob.email_address.refresh_from_db()
    assert bob.email_address.is_verified


def test_a_mail_program_unsubscribes_with_the_list_header(client: Client) -> None:
    bob = make_user("bob", "bob@example.com")
    bob.receive_email_notifications = True
    bob.save()
    url = UserMailer().welcome_user(bob).message.extra_headers["List-Unsubscribe"].strip("<>")
    response = client.post(url.removeprefix(SITE), {"List-Unsubscribe": "One-Click"})
    assert (response.status_code, response.content) == (200, b"")
    bob.refresh_from_db()
    assert not bob.receive_email_notifications


def test_links_come_from_the_canonical_url_and_not_from_the_request(settings: Settings) -> None:
    settings.DANBOORU_CANONICAL_URL = "https://other.example:8443"
    assert links.user_url(make_user("bob")).startswith("https://other.example:8443/users/")
