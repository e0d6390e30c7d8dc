"""What a copyright complaint must say."""

import pytest
from django.core.exceptions import ValidationError

from booru.rules.copyright_complaint import STATEMENTS, DmcaComplaint

VALUES = {
    "name": "Ada Artist",
    "email": "ada@example.com",
    "address": "1 Example Street",
    "infringing_urls": "https://booru.example/posts/1\n  https://booru.example/posts/2",
    "original_urls": "https://ada.example/1",
    "proof": "I drew it.",
    "signature": "Ada Artist",
    "good_faith_agree": "on",
    "perjury_agree": "true",
}


def complaint(**changes):
    return DmcaComplaint.from_text({**VALUES, **changes})


def errors(**changes):
    with pytest.raises(ValidationError) as raised:
        complaint(**changes).validate()
    return raised.value.message_dict


def test_a_whole_complaint_is_good():
    complaint().validate()
    assert complaint().facts() == {
        "name": "Ada Artist",
        "email": "ada@example.com",
        "address": "1 Example Street",
        "infringing_urls": ["https://booru.example/posts/1", "https://booru.example/posts/2"],
        "original_urls": ["https://ada.example/1"],
        "proof": "I drew it.",
        "signature": "Ada Artist",
        "statements": list(STATEMENTS.values()),
    }


@pytest.mark.parametrize("name", [name for name in VALUES if name not in STATEMENTS])
@pytest.mark.parametrize("blank", ["", " ", "\u200b", "\r\n"])
def test_nothing_may_be_left_out(name, blank):
    assert errors(**{name: blank}) == {name: ["can't be blank"]}


@pytest.mark.parametrize("name", STATEMENTS)
@pytest.mark.parametrize("answer", ["", "false", "0", "perhaps"])
def test_both_statements_must_be_made(name, answer):
    assert errors(**{name: answer}) == {name: ["must be accepted"]}


@pytest.mark.parametrize(
    ("name", "most"), [("name", 100), ("address", 1000), ("proof", 10_000), ("infringing_urls", 10_000)]
)
def test_nothing_may_be_too_long(name, most):
    complaint(**{name: "a" * most}).validate()
    assert errors(**{name: "a" * (most + 1)}) == {name: [f"is too long (maximum is {most} characters)"]}


@pytest.mark.parametrize(
    "email", ["ada", "ada@localhost", "a b@example.com", "ada@example.com, bob@example.com"]
)
def test_the_email_address_must_be_one(email):
    assert errors(email=email) == {"email": ["is invalid"]}


def test_typing_errors_in_the_email_address_are_corrected():
    assert complaint(email=" mailto:Ada@Gmail.con ").email == "Ada@gmail.com"


@pytest.mark.parametrize("text", ["Ada\r\nBcc: all@example.com", "Ada\tBcc: all@example.com"])
def test_a_name_is_one_line(text):
    assert complaint(name=text).name == "Ada Bcc: all@example.com"
