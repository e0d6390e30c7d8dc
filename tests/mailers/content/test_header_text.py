"""Whatever people call themselves, the message stays a message."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailers.content.header_text import encode, mailbox, one_line, subject
from mailers.content.message import Message
from tests.mailers.reading import wire_of

NASTY = [
    "bob\r\nBcc: everybody@example.com",
    "bob\nX-Evil: 1",
    "bob\x0bvertical\x85next\u2028line",
    "\u202egnp.exe \u2066isolated\u2069",
    "アリス 🎨🖌️ さん",
    "👩‍👩‍👧‍👦" * 50,
    "x" * 2000,
    "long " * 500,
    "=?utf-8?q?=0D=0ABcc:_everybody?=",
    'a "quoted" \\ name, (comment) <b@c>; group:',
    "half a pair \ud800",
    "",
    " ",
    "\0",
]
TEXT = st.one_of(st.text(), st.sampled_from(NASTY), st.text(alphabet="=?utf-8 \t\r\n\u202eé", max_size=300))


def parsed(message: Message) -> EmailMessage:
    """As a receiver sees it: from the wire, with every defect an error."""
    data = wire_of(message)
    assert data.isascii()
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    result = email.message_from_bytes(data, policy=policy.strict)
    for value in result.values():
        assert not value.defects, (value, value.defects)
    return result


@given(TEXT)
@example(NASTY[0])
@example(NASTY[6])
@example(NASTY[8])
def test_any_header_value_arrives_as_one_line_and_adds_no_header(text: str) -> None:
    message = Message(
        "Hi", "Hi", "a@example.com", ["b@example.com"], headers={"X-Danbooru-User": encode(text)}
    )
    received = parsed(message)
    assert received["X-Danbooru-User"] == one_line(text)
    assert {name.lower() for name in received} == {
        "content-type",
        "mime-version",
        "content-transfer-encoding",
        "subject",
        "from",
        "to",
        "date",
        "message-id",
        "x-danbooru-user",
    }


@given(TEXT)
@example(NASTY[5])
@example(NASTY[9])
def test_any_name_makes_one_valid_recipient(text: str) -> None:
    to = mailbox(text, "b@example.com")
    received = parsed(Message("Hi", "Hi", "a@example.com", [to]))
    (address,) = received["To"].addresses
    assert address.addr_spec == "b@example.com"
    # Python's parser puts a space between two encoded words of a name, which RFC 2047 says to leave out.
    name = one_line(text).replace("=?", "= ?")[:64]
    assert address.display_name.replace(" ", "") == name.replace(" ", "")


@given(TEXT)
@example(NASTY[8])
def test_any_subject_arrives(text: str) -> None:
    received = parsed(Message(subject(text), "Hi", "a@example.com", ["b@example.com"]))
    assert received["Subject"].strip() == subject(text)
    assert len(subject(text)) <= 200


@pytest.mark.parametrize("text", ["bob <https://example.com/users/1>", "POST https://example.com/users?a=1"])
def test_plain_values_are_sent_as_they_are(text: str) -> None:
    assert encode(text) == text


def test_only_the_words_that_need_it_are_encoded() -> None:
    assert encode("日本 <https://x/1>") == "=?utf-8?b?5pel5pys?= <https://x/1>"


def test_a_plain_name_needs_no_quotes() -> None:
    assert mailbox("Danbooru", "a@example.com") == "Danbooru <a@example.com>"
    assert mailbox("a_b-c", "a@example.com") == "a_b-c <a@example.com>"
    assert mailbox("a, b", "a@example.com") == '"a, b" <a@example.com>'
    assert mailbox("", "a@example.com") == "a@example.com"
