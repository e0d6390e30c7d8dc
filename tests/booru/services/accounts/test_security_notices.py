"""Which emails tell a user of what, and that they come and go with the change."""

import pyotp
import pytest
from django.core import mail
from django.db import transaction

from booru.models import EmailAddress, Level, User
from booru.services.accounts import two_factor
from booru.services.accounts.api_keys import delete_api_keys, make_api_key
from booru.services.accounts.email_change import change_email_address, remove_email_address
from booru.services.accounts.passwords import NewPassword, change_password, reset_password
from booru.services.accounts.user_deletion import delete_user
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import perform_enqueued_jobs
from mailers.content import tokens
from tests.support.factories import EmailAddressFactory, UserFactory

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = NewPassword("n3w password", "n3w password")


@pytest.fixture
def bob():
    user = UserFactory(name="bob")
    EmailAddressFactory(user=user, address="bob@example.com", is_verified=True)
    return User.objects.get(pk=user.pk)


def told():
    """To whom each email went that was caused since the last look, with its subject."""
    perform_enqueued_jobs(raise_errors=True)
    found = [(message.to[0].rpartition("<")[2].rstrip(">"), message.subject) for message in mail.outbox]
    mail.outbox.clear()
    return found


def with_app(user):
    two_factor.enable(user, SECRET, pyotp.TOTP(SECRET).now())


def change_twice(user):
    with_app(user)
    told()
    other = pyotp.random_base32()
    two_factor.enable(user, other, pyotp.TOTP(other).now())


def use_backup_code(user):
    with_app(user)
    told()
    assert two_factor.use_code(user, f"{user.backup_codes[0]:08}") == "backup_code"


def new_codes(user):
    with_app(user)
    told()
    two_factor.replace_backup_codes(user)


def give_up(user):
    with_app(user)
    told()
    two_factor.disable(user)


@pytest.mark.parametrize(
    ("act", "subject"),
    [
        (lambda user: change_password(user, NEW), "Your password was changed"),
        (
            lambda user: reset_password(tokens.password_reset_token(user), NEW),
            "Your password was changed",
        ),
        (lambda user: make_api_key(user, name="mine"), "A new API key was made"),
        (with_app, "Two-factor authentication was switched on"),
        (change_twice, "Your authenticator app was replaced"),
        (give_up, "Two-factor authentication was switched off"),
        (new_codes, "Your backup codes were replaced"),
        (use_backup_code, "A backup code was used"),
        (lambda user: delete_user(user, user, "password"), "Your account was deleted"),
        (lambda user: remove_email_address(user.email_address), "Your email address was removed"),
    ],
)
def test_each_change_is_told(bob, act, subject):
    act(bob)
    assert told() == [("bob@example.com", f"Danbooru: {subject}")]


def test_both_addresses_are_told_of_a_change_whoever_makes_it(bob):
    admin = UserFactory(level=Level.ADMIN)
    for by, old, new in [(bob, "bob@example.com", "new@example.com"), (admin, "new@example.com", "x@y.org")]:
        change_email_address(bob, new, by=by)
        found = told()
        assert (new, "Confirm your email address") in found
        changed = [to for to, subject in found if subject == "Danbooru: Your email address was changed"]
        assert sorted(changed) == sorted([old, new])


def test_the_first_address_has_no_old_one():
    user = UserFactory()
    change_email_address(user, "new@example.com", by=user)
    assert {to for to, _ in told()} == {"new@example.com"}


def test_the_same_address_again_is_no_change(bob):
    EmailAddress.objects.update(is_verified=False)
    change_email_address(bob, "bob@example.com", by=bob)
    assert told() == [("bob@example.com", "Confirm your email address")]


def test_a_change_that_is_taken_back_tells_nobody(bob):
    with transaction.atomic():
        change_password(bob, NEW)
        make_api_key(bob)
        transaction.set_rollback(True)
    assert not BackgroundJob.objects.exists()


def test_what_changed_nothing_tells_nobody(bob):
    assert not two_factor.disable(bob)
    assert not two_factor.replace_backup_codes(bob)
    assert two_factor.enable(bob, SECRET, "000000") is None
    assert told() == []


def test_who_takes_an_account_cannot_lead_the_emails_elsewhere(bob):
    change_password(bob, NEW)
    change_email_address(bob, "thief@example.com", by=bob)
    found = told()
    assert ("bob@example.com", "Danbooru: Your password was changed") in found
    assert ("thief@example.com", "Danbooru: Your password was changed") not in found


@pytest.mark.parametrize(
    ("address", "number"),
    [({"is_verified": False}, 1), ({"is_deliverable": False}, 0), ({"is_verified": True}, 1)],
)
def test_settings_do_not_stop_them_and_a_dead_mailbox_does(bob, address, number):
    User.objects.update(receive_email_notifications=False)
    EmailAddress.objects.update(**address)
    change_password(bob, NEW)
    assert len(told()) == number


def test_who_has_no_address_is_not_told():
    change_password(UserFactory(), NEW)
    assert not BackgroundJob.objects.exists()


def test_nobody_can_fill_a_strangers_inbox_by_giving_their_address(settings):
    settings.DANBOORU_RATE_LIMITS = True
    users = [UserFactory(), UserFactory()]
    for number, user in enumerate(users):
        address = f"stranger+{number}@example.com"
        EmailAddressFactory(user=user, address=address, is_verified=False)
    for _ in range(4):
        for user in users:
            make_api_key(user)
    assert len(told()) == 5


def test_of_a_verified_address_nothing_is_held_back(bob, settings):
    settings.DANBOORU_RATE_LIMITS = True
    for _ in range(8):
        make_api_key(bob)
    assert len(told()) == 8


def test_no_secret_is_in_a_job(bob):
    _, key = make_api_key(bob, name="mine")
    with_app(bob)
    two_factor.replace_backup_codes(bob)
    kept = str(list(BackgroundJob.objects.values_list("arguments", flat=True)))
    assert "bob@example.com" in kept
    for secret in (key, SECRET, *(f"{code:08}" for code in bob.backup_codes)):
        assert secret not in kept


def test_every_key_goes_and_those_of_others_stay(bob):
    keys = [make_api_key(bob)[0].pk for _ in range(2)]
    other, _ = make_api_key(UserFactory())
    assert delete_api_keys(bob) == keys
    assert not bob.api_keys.exists()
    assert other.user.api_keys.exists()
