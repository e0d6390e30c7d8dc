"""Whatever people and browsers call themselves: each email stays one valid email (RFC 5322, 2047)."""

from __future__ import annotations

import email
from email import policy
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booru.models import Dmail, EmailAddress, User, UserEvent
from jobs.engine.context import RequestContext
from mailers.content.header_text import one_line, subject
from mailers.content.strange_text import printable
from mailers.user_mailer import UserMailer
from tests.mailers.people import COMPLAINT
from tests.mailers.reading import wire_of

if TYPE_CHECKING:
    from email.message import EmailMessage

    from mailers.base import Delivery

NASTY = [
    "bob\r\nBcc: everybody@example.com\r\n\r\n<script>",
    "bob\x00\x0b\x85\u2028next",
    "\u202egnp.exe\u2066 \u200f\u061c\u05e9\u05dc\u05d5\u05dd",
    "アリス 🎨🖌️ さん 👩‍👩‍👧‍👦",
    "x" * 2000,
    "=?utf-8?q?=0D=0ABcc:_everybody?=",
    '"quoted" \\ (comment) <b@c>; group:, @',
    "half a pair \ud800",
    "\ufeff\ufffe\U0010ffff",
    "",
]
TEXT = st.one_of(st.text(max_size=300), st.sampled_from(NASTY))
NAMES_OF_ALL = {
    *("content-type", "mime-version", "subject", "from", "to", "date", "message-id", "auto-submitted"),
}
NAMES_TO_USERS = NAMES_OF_ALL | {
    *("list-unsubscribe", "list-unsubscribe-post", "x-danbooru-user", "x-danbooru-url", "x-request-id"),
    *("x-danbooru-ip", "x-danbooru-session", "x-danbooru-dmail"),
}


def person(name: str, pk: int = 1) -> User:
    user = User(pk=pk, name=name, backup_codes=[12345678])
    EmailAddress(pk=pk, user=user, address="bob@example.com", is_verified=True)
    return user


def received(delivery: Delivery) -> EmailMessage:
    """As a receiver sees it: from the wire, with every defect an error, in headers and in parts."""
    wire = wire_of(delivery.message)
    assert wire.isascii()
    assert b"\0" not in wire
    assert max(len(line) for line in wire.split(b"\r\n")) <= 998
    assert b"\n" not in wire.replace(b"\r\n", b"")
    assert b"\r" not in wire.replace(b"\r\n", b"")
    message = email.message_from_bytes(wire, policy=policy.SMTP + policy.strict)
    for value in message.values():
        assert not value.defects, (value, value.defects)
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert html.get_content().rstrip().endswith("</html>")
    assert text.get_content().splitlines()
    return message


def names(message: EmailMessage) -> set[str]:
    return {name.lower() for name in message}


@settings(deadline=None, max_examples=60)
@given(TEXT, TEXT, TEXT)
@example(NASTY[0], NASTY[0], NASTY[0])
@example(NASTY[7], NASTY[7], NASTY[7])
def test_an_email_about_a_dmail(name: str, title: str, body: str) -> None:
    bob, mallory = person(name), person(name, pk=2)
    mailer = UserMailer(headers={"X-Danbooru-Dmail": title or "-"})
    mailer.context = RequestContext(name or "-", title or "-", body or "-", 1, name or "-", title or "-")
    dmail = Dmail(pk=1, from_user=mallory, to_user=bob, title=title, body=body)
    message = received(mailer.dmail_notice(dmail))
    assert names(message) <= NAMES_TO_USERS
    assert [address.addr_spec for address in message["To"].addresses] == ["bob@example.com"]
    assert message["From"] == "Danbooru <notifications@booru.example>"
    assert message["Subject"].rstrip() == subject(f"Danbooru: {name} sent you a message").rstrip()
    assert message["X-Danbooru-User"] == one_line(f"{name} <https://booru.example/users/1>")
    assert message["X-Danbooru-Dmail"] == (one_line(title or "-") or None)
    text = message.get_body(("plain",)).get_content()
    assert text.startswith("Hi ")
    assert text.count("\n-- ") == 1 or "-- " in name + title


@settings(deadline=None, max_examples=60)
@given(TEXT, TEXT)
@example(NASTY[0], NASTY[0])
@example(NASTY[7], NASTY[7])
def test_an_email_about_a_login(agent: str, place: str) -> None:
    event = UserEvent(pk=1, user=person(place), user_agent=agent, ip_addr="203.0.113.7")
    event.metadata = {"city": place, "region": agent, "organization": place}
    message = received(UserMailer().login_verification(event))
    assert names(message) <= NAMES_TO_USERS
    text = message.get_body(("plain",)).get_content()
    assert len([line for line in text.splitlines() if line.startswith("Device: ")]) == 1


@settings(deadline=None, max_examples=60)
@given(TEXT)
@example(NASTY[0])
@example(NASTY[7])
def test_an_email_about_a_complaint(value: str) -> None:
    one = " ".join(value.split())
    complaint = {**COMPLAINT, "name": one, "signature": one, "address": value, "proof": value}
    complaint["infringing_urls"] = complaint["original_urls"] = value.split()
    message = received(UserMailer().dmca_complaint("dmca@booru.example", complaint))
    assert names(message) == NAMES_OF_ALL


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize(
    "method", ["welcome_user", "password_reset", "email_change_confirmation", "send_backup_code"]
)
def test_every_other_email(method: str, name: str) -> None:
    message = received(UserMailer().delivery(method, person(name)))
    assert names(message) <= NAMES_TO_USERS
    assert [address.addr_spec for address in message["To"].addresses] == ["bob@example.com"]


STRANGE = [
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    *"\u200b\u2060\ufeff\u00ad\u180e\u2063\u3164\ufff9\U000e0041\U000e007f",
    *"\x00\x1b\x7f\x9b\ud800\u2028\x85",
]


@pytest.mark.django_db
@pytest.mark.parametrize("strange", STRANGE, ids=ascii)
def test_no_part_of_an_email_has_what_makes_it_read_as_another(strange: str) -> None:
    sender, bob = person(f"evil{strange}gnp", 2), person(f"bob{strange}by")
    dmail = Dmail(
        pk=1, from_user=sender, to_user=bob, owner=bob, title=f"a{strange}b", body=f"c{strange}d\n\nnext"
    )
    mailer = UserMailer(headers={"X-Extra": f"x{strange}y"})
    mailer.context = RequestContext(request_id="1")
    message = received(mailer.dmail_notice(dmail))
    said = [str(value) for value in message.values()] + [part.get_content() for part in message.iter_parts()]
    for text in said:
        assert strange not in text
    assert "> next" in said[-2]


@pytest.mark.parametrize("joined", ["👩\u200d👧", "नम\u200dस", "\u0645\u06cc\u200c\u062e"])
def test_joiners_stay_where_they_belong_to_the_script(joined: str) -> None:
    assert printable(joined) == joined
    assert printable(f"ad\u200dmin {joined}\u200c") == f"admin {joined}"
