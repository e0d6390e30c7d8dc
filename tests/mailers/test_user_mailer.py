"""What each email says, in both parts (behaviour G.3)."""

from __future__ import annotations

import email
from email import policy
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from booru.models import User
from jobs.engine.context import RequestContext
from mailers import tokens
from mailers.user_mailer import UserMailer
from tests.mailers.people import make_dmail, make_user

if TYPE_CHECKING:
    from email.message import EmailMessage

    from mailers.base import Delivery

pytestmark = pytest.mark.django_db


class Links(HTMLParser):
    """The targets and texts of the links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._href: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._href = dict(attrs).get("href") if tag == "a" else self._href

    def handle_data(self, data: str) -> None:
        if self._href is not None:
            self.found.append((data.strip(), self._href))

    def handle_endtag(self, tag: str) -> None:
        self._href = None if tag == "a" else self._href


def received(delivery: Delivery) -> EmailMessage:
    """The email as a receiver parses it, with every defect an error."""
    return email.message_from_bytes(delivery.message.message().as_bytes(linesep="\r\n"), policy=policy.strict)


def parts(message: EmailMessage) -> tuple[str, str]:
    """The HTML and the text."""
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None
    assert text is not None
    return html.get_content(), text.get_content()


def test_dmail_notice_is_from_notifications_to_the_recipient_by_name() -> None:
    alice, bob = make_user("alice"), make_user("bob_b", "bob@example.com")
    message = received(UserMailer().dmail_notice(make_dmail(alice, bob)))
    assert message["From"] == "Danbooru <notifications@booru.example>"
    assert message["To"] == "bob_b <bob@example.com>"
    assert message["Subject"] == "Danbooru: alice sent you a message"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_dmail_notice_says_who_wrote_what_in_both_parts() -> None:
    alice, bob = make_user("alice"), make_user("bob_b", "bob@example.com")
    dmail = make_dmail(alice, bob, "Fish & <chips>", "Do you *like* [b]fish[/b]?\r\n\r\nSee [[fish]].")
    html, text = parts(received(UserMailer().dmail_notice(dmail)))
    assert "<b>Fish &amp; &lt;chips&gt;</b>" in html
    assert "Fish & <chips>" in text
    assert "<chips>" not in html
    assert "[b]" not in html
    assert "Do you *like* [b]fish[/b]?\n\nSee [[fish]]." in text.replace("\r\n", "\n")
    assert "alice sent you a message on Danbooru" in text
    assert "Hi bob b" in text


def test_dmail_notice_links_to_the_people_the_message_and_the_answer() -> None:
    alice, bob = make_user("alice"), make_user("bob", "bob@example.com")
    dmail = make_dmail(alice, bob)
    html, text = parts(received(UserMailer().dmail_notice(dmail)))
    links = dict(Links(html).found)
    site = "https://booru.example"
    assert links["bob"] == f"{site}/users/{bob.pk}"
    assert links["alice"] == f"{site}/users/{alice.pk}"
    assert links["Reply"] == f"{site}/dmails/new?respond_to_id={dmail.pk}"
    assert links["View message"] == f"{site}/dmails/{dmail.pk}"
    assert links["Click here"] == links["Unsubscribe"]
    assert links["Unsubscribe"].startswith(
        f"{site}/maintenance/user/email_notification?user_id={bob.pk}&sig="
    )
    assert links["Danbooru"] in (site, f"{site}/")
    assert links["Contact"]
    for name in ("Reply", "View message", "Unsubscribe"):
        assert f"{name}: {links[name]}" in text


def test_links_in_the_message_are_absolute() -> None:
    alice, bob = make_user("alice"), make_user("bob", "bob@example.com")
    dmail = make_dmail(alice, bob, "Hello", 'Look at "this":/posts/1 and [[fish]]')
    html, _ = parts(received(UserMailer().dmail_notice(dmail)))
    assert Links(html).found
    for text, href in Links(html).found:
        assert href.startswith(("https://booru.example", "mailto:")), (text, href)


def test_a_message_from_the_site_itself_has_no_reply_link() -> None:
    bob = make_user("bob", "bob@example.com")
    html, text = parts(received(UserMailer().dmail_notice(make_dmail(User.objects.system(), bob))))
    assert "Reply" not in html + text
    assert "View message" in text


def test_welcome_user_asks_to_verify_the_address() -> None:
    bob = make_user("bob", "bob@example.com", verified=False)
    message = received(UserMailer().welcome_user(bob))
    assert message["From"] == "Danbooru <welcome@booru.example>"
    assert message["Subject"] == "Welcome to Danbooru! Confirm your email address"
    html, text = parts(message)
    link = dict(Links(html).found)["Verify email address"]
    address, token = link.split("?email_verification_key=")
    assert address == f"https://booru.example/users/{bob.pk}/email/verify"
    assert tokens.verifies(bob.email_address, token)
    assert f"Verify email address: {link}" in text
    assert "bob@example.com" in text
    assert "Unsubscribe" in dict(Links(html).found)


def test_names_titles_and_bodies_are_escaped_in_html_and_not_in_text() -> None:
    mallory = make_user("<script>alert(1)</script>")
    bob = make_user('b"&b', "bob@example.com")
    dmail = make_dmail(mallory, bob, "<img src=x>", "<b onclick=x>hi</b> & {{ bye }}")
    html, text = parts(received(UserMailer().dmail_notice(dmail)))
    for tag in ("<script", "<img", "<b onclick"):
        assert tag not in html
    assert "<script>alert(1)</script>" in text
    assert "&amp;" not in text
    assert "<b onclick=x>hi</b> & {{ bye }}" in text


def test_styles_are_inlined_and_the_dark_ones_are_kept() -> None:
    html, _ = parts(received(UserMailer().welcome_user(make_user("bob", "bob@example.com"))))
    assert html.count("<style") == 1
    assert "prefers-color-scheme: dark" in html
    assert '<p style="' in html


@pytest.mark.parametrize(
    "name", ["アリス", "a" * 200, "👩‍👩‍👧‍👦", "x\r\nBcc: all@example.com", "=?utf-8?q?=0AX:_1?="]
)
def test_strange_names_make_valid_emails(name: str) -> None:
    sender, bob = make_user(name), make_user(f"{name}2", "bob@example.com")
    mailer = UserMailer()
    mailer.context = RequestContext(request_id="1", method="POST", url="https://booru.example/" + "x" * 1990)
    message = received(mailer.dmail_notice(make_dmail(sender, bob)))
    assert "Bcc" not in message
    assert message["To"].addresses[0].addr_spec == "bob@example.com"
    assert message["X-Danbooru-URL"].endswith("x" * 1990)
    data = mailer.dmail_notice(make_dmail(sender, bob)).message.message().as_bytes(linesep="\r\n")
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert data.isascii()


def test_a_very_long_message_is_sent_whole() -> None:
    bob = make_user("bob", "bob@example.com")
    body = "word" * 12000
    html, text = parts(received(UserMailer().dmail_notice(make_dmail(bob, bob, "Long", body))))
    assert body in text.replace("\r\n", "")
    assert body in html
