"""What one mailbox is sent, whatever is written behind a `+` in its address."""

import pytest
from django.test import Client

from booru.models import Level, User
from jobs.engine.models import BackgroundJob
from tests.support.factories import EmailAddressFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limits(settings):
    settings.DANBOORU_RATE_LIMITS = True


def client(number):
    """From a place of its own."""
    return Client(REMOTE_ADDR=f"93.184.{number}.7")


def emails():
    return BackgroundJob.objects.filter(job_class__contains="MailDeliveryJob").count()


def test_signing_up_with_many_sub_addresses():
    fields = {"user[password]": "sesame", "user[password_confirmation]": "sesame"}
    statuses = [
        client(number)
        .post(
            "/users",
            {**fields, "user[name]": f"new{number}", "user[email_address]": f"v+{number}@example.com"},
        )
        .status_code
        for number in range(7)
    ]
    assert statuses == [302] * 5 + [429] * 2
    assert emails() == 5


def test_resetting_the_passwords_of_many_accounts():
    for number in range(7):
        user = UserFactory(name=f"somebody{number}")
        EmailAddressFactory(user=user, address=f"v+{number}@example.com", is_verified=False)
        client(number).post("/password_reset", {"user[name]": user.name})
    assert emails() == 5


def log_in(number, name):
    fields = {"session[name]": name, "session[password]": "password"}
    return client(number).post("/session", fields).status_code


def test_logging_in_to_many_accounts_from_new_places():
    for number in range(7):
        user = UserFactory(name=f"builder{number}", level=Level.BUILDER)
        EmailAddressFactory(user=user, address=f"v+{number}@example.com", is_verified=False)
    assert [log_in(number, f"builder{number}") for number in range(7)] == [401] * 5 + [429] * 2
    assert emails() == 5
    owner = UserFactory(name="owner_of_it", level=Level.BUILDER)
    EmailAddressFactory(user=owner, address="v@example.com", is_verified=True)
    # Whose mailbox it is, is not kept out by them.
    assert log_in(8, "owner_of_it") == 401
    assert User.objects.count() == 9
