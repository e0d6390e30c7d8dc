"""What the emails about an account's safety say, and where they go."""

from __future__ import annotations

import pytest

from jobs.engine.context import RequestContext
from mailers.mail import Mail
from mailers.user_mailer import UserMailer
from tests.mailers.people import every_email, make_user
from tests.mailers.reading import Links, parts, received

pytestmark = pytest.mark.django_db

SITE = "https://booru.example"
SAYS = {
    "password_changed": "The password of your account on Danbooru was changed",
    "email_address_changed": "The email address of your account on Danbooru was changed",
    "email_address_removed": "The email address of your account on Danbooru was removed",
    "api_key_created": "A new API key was made for your account on Danbooru",
    "two_factor_enabled": "Two-factor authentication was switched on for your account",
    "two_factor_changed": "Another authenticator app was set up for your account on Danbooru",
    "two_factor_disabled": "Two-factor authentication was switched off for your account",
    "backup_codes_replaced": "New backup codes were made for your account on Danbooru",
    "backup_code_used": "One of the backup codes of your account on Danbooru was used",
    "account_deleted": "Your account on Danbooru was deleted",
}
# Who took the account has the mailbox, too, or there is none any more.
WITHOUT_RESET = {"email_address_changed", "email_address_removed", "account_deleted"}


@pytest.mark.parametrize("name", SAYS)
def test_each_says_what_happened_and_what_to_do(name: str) -> None:
    message = received(every_email(make_user("bob_b", "bob@example.com", verified=False))[name])
    assert message["From"] == "Danbooru <security@booru.example>"
    assert message["To"] == "bob_b <bob@example.com>"
    assert message["Subject"].startswith("Danbooru: ")
    html, text = parts(message)
    assert SAYS[name] in " ".join(text.split())
    links = dict(Links(html).found)
    assert links["tell us"] == f"{SITE}/contact"
    assert ("Reset your password" in links) is (name not in WITHOUT_RESET)
    for part in (html, text):
        assert "bob b" in part
        assert "12345678" not in part
        assert "Unsubscribe" not in part


def test_the_subjects_differ() -> None:
    emails = every_email(make_user("bob", "bob@example.com"))
    assert len({str(received(emails[name])["Subject"]) for name in SAYS}) == len(SAYS)


def test_one_goes_where_the_user_was_reached_when_it_happened() -> None:
    bob = make_user("bob", "thief@example.com")
    message = received(UserMailer().password_changed(bob, "bob@example.com"))
    assert message["To"] == "bob <bob@example.com>"
    html, text = parts(message)
    assert "thief@example.com" not in html + text


@pytest.mark.parametrize(("deliverable", "is_in_the_way"), [(True, False), (False, True)])
def test_neither_settings_nor_a_missing_confirmation_are_in_its_way(
    deliverable: bool, is_in_the_way: bool
) -> None:
    bob = make_user("bob", "bob@example.com", verified=False, deliverable=deliverable)
    assert bool(_mail(UserMailer().password_changed(bob, "bob@example.com")).obstacle) is is_in_the_way
    assert not _mail(UserMailer().password_changed(bob, "old@example.com")).obstacle


def test_a_deleted_user_is_called_as_they_were() -> None:
    bob = make_user("user_1", "bob@example.com")
    message = received(UserMailer().account_deleted(bob, "bob@example.com", "bob_b"))
    assert message["To"] == "bob_b <bob@example.com>"
    assert "Hi bob b," in parts(message)[1]


def test_the_key_is_called_by_its_name_on_one_line() -> None:
    bob = make_user("bob", "bob@example.com")
    made = UserMailer().api_key_created(bob, "bob@example.com", "x\r\nName: y", ["posts:index", "tags:show"])
    html, text = parts(received(made))
    assert "Name: x Name: y" in text.splitlines()
    assert "posts:index, tags:show" in text
    assert "posts:index, tags:show" in html
    html, text = parts(received(UserMailer().api_key_created(bob, "bob@example.com", "", [])))
    assert "It may do: everything" in text
    assert "It may do everything" in html


@pytest.mark.parametrize(("user_id", "is_told"), [(None, True), ("own", True), ("other", False)])
def test_only_the_users_own_ip_address_is_told(user_id: str | None, is_told: bool) -> None:
    bob, ada = make_user("bob", "bob@example.com"), make_user("ada")
    mailer = UserMailer()
    ids = {None: None, "own": bob.pk, "other": ada.pk}
    mailer.context = RequestContext(request_id="1", user_id=ids[user_id], ip_addr="203.0.113.9")
    html, text = parts(received(mailer.password_changed(bob, "bob@example.com")))
    assert ("IP address: 203.0.113.9" in text) is is_told
    assert ("203.0.113.9" in html) is is_told


def _mail(delivery) -> Mail:
    return delivery.build()
