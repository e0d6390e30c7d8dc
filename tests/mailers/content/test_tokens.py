"""Tokens: for one purpose, for one value, for a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from booru.models import EmailAddress, User
from mailers.content import tokens
from mailers.content.tokens import LIFETIMES, sign, unsign
from tests.mailers.people import make_user

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_token_gives_its_value_back() -> None:
    assert unsign("unsubscribe", sign("unsubscribe", 5)) == "5"
    assert unsign("password_reset", sign("password_reset", 5)) == "5"


def test_an_unsubscribe_token_is_the_same_every_time_and_never_ends() -> None:
    with time_machine.travel(NOW, tick=False):
        token = sign("unsubscribe", 5)
    with time_machine.travel(NOW + timedelta(days=36500), tick=False):
        assert sign("unsubscribe", 5) == token
        assert unsign("unsubscribe", token) == "5"


@pytest.mark.parametrize(("purpose", "minutes"), [("password_reset", 30), ("login_verification", 15)])
def test_some_tokens_end(purpose: str, minutes: int) -> None:
    assert LIFETIMES[purpose] == timedelta(minutes=minutes)
    with time_machine.travel(NOW, tick=False):
        token = sign(purpose, 5)
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        assert unsign(purpose, token) == "5"
        assert unsign(purpose, token, max_age=timedelta(minutes=1)) is None
    with time_machine.travel(NOW + timedelta(minutes=minutes, seconds=1), tick=False):
        assert unsign(purpose, token) is None


@pytest.mark.parametrize("token", ["", "5", "~", "5~", "é", "\0", "5~AAAA", "5~~" + "A" * 43])
def test_a_forged_token_is_none(token: str) -> None:
    assert unsign("unsubscribe", token) is None
    assert unsign("password_reset", token) is None


def test_a_token_for_another_value_or_purpose_is_none() -> None:
    token = sign("unsubscribe", 5)
    assert unsign("unsubscribe", "6" + token[1:]) is None
    assert unsign("verify", token) is None


def test_a_verify_token_is_for_one_address() -> None:
    address = EmailAddress(pk=1, address="me@example.com")
    token = tokens.verify_token(address)
    assert tokens.verifies(address, token)
    assert not tokens.verifies(EmailAddress(pk=2, address="me@example.com"), token)
    assert not tokens.verifies(address, "")
    assert not tokens.verifies(address, "nonsense")


def test_a_changed_address_cannot_be_verified_with_the_link_to_the_old_one() -> None:
    address = EmailAddress(pk=1, address="mine@example.com")
    token = tokens.verify_token(address)
    address.address = "yours@example.com"
    assert not tokens.verifies(address, token)


def person(password: str, pk: int = 5) -> User:
    """Who is in no database."""
    user = User(pk=pk, password=password)
    EmailAddress(pk=pk, user=user, address="me@example.com")
    return user


def test_a_password_reset_token_is_for_one_user() -> None:
    user = person("digest")
    token = tokens.password_reset_token(user)
    assert tokens.password_reset_user_id(token) == 5
    assert tokens.resets_password(user, token)
    assert not tokens.resets_password(person("digest", pk=6), token)


def test_a_password_reset_token_works_once() -> None:
    user = person("old digest")
    token = tokens.password_reset_token(user)
    user.password = "new digest"
    assert not tokens.resets_password(user, token)


def test_a_password_reset_token_that_was_sent_to_the_old_address_is_void() -> None:
    user = person("digest")
    token = tokens.password_reset_token(user)
    user.email_address.address = "new@example.com"
    assert not tokens.resets_password(user, token)


def test_a_password_reset_token_ends_after_half_an_hour() -> None:
    user = person("digest")
    with time_machine.travel(NOW, tick=False):
        token = tokens.password_reset_token(user)
    with time_machine.travel(NOW + timedelta(minutes=30, seconds=1), tick=False):
        assert tokens.password_reset_user_id(token) is None
        assert not tokens.resets_password(user, token)


@pytest.mark.parametrize("token", ["", "5", "5-abc", "nonsense", "\0"])
def test_a_forged_password_reset_token_is_for_nobody(token: str) -> None:
    assert tokens.password_reset_user_id(token) is None
    assert not tokens.resets_password(person("digest"), token)


def test_no_token_tells_the_digest_of_the_password() -> None:
    assert "s3cret" not in tokens.password_reset_token(person("s3cret"))


@pytest.mark.django_db
def test_links_outlive_a_change_of_the_key_by_way_of_the_fallbacks(settings) -> None:
    bob = make_user("bob", "bob@example.com")
    verify, reset = tokens.verify_token(bob.email_address), tokens.password_reset_token(bob)
    settings.EMAIL_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.EMAIL_KEY]
    assert tokens.verifies(bob.email_address, verify)
    assert tokens.resets_password(bob, reset)
    settings.SECRET_KEY_FALLBACKS = []
    assert not tokens.verifies(bob.email_address, verify)
    assert not tokens.resets_password(bob, reset)
