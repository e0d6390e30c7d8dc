"""Whoever was refused for being too fast is told when to come again, and is let through then."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from booru.models import Level, User, UserEvent
from booru.web.http.errors import TooManyRequests
from tests.support import database_clock
from tests.support.factories import EmailAddressFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXP" * 2
HOME = "93.184.216.5"
PAGE, JSON = "", ".json"


@pytest.fixture(autouse=True)
def clock(settings):
    settings.DANBOORU_RATE_LIMITS = True
    with time_machine.travel(NOW, tick=False) as clock:
        database_clock.stand_still(NOW)
        yield clock


def network(number):
    return f"45.1.{number}.1"


def log_in(number, suffix, password="wrong", name="alice", address=HOME):
    fields = {"session[name]": name, "session[password]": password}
    return Client().post(f"/session{suffix}", fields, REMOTE_ADDR=address)


def log_in_as_a_stranger(number, suffix):
    return log_in(number, suffix, address=network(number))


def log_in_to_accounts_of_one_mailbox(number, suffix):
    name = f"owner{number}"
    if not User.objects.filter(name=name).exists():
        user = UserFactory(name=name, level=Level.BUILDER)
        EmailAddressFactory(user=user, address=f"v+{number}@example.com", is_verified=False)
    return log_in(number, suffix, "password", name, network(number))


def enter_a_code(number, suffix):
    alice = User.objects.get(name="alice")
    if not alice.totp_secret:
        alice.totp_secret = SECRET
        alice.save()
        UserEvent.objects.create(user=alice, category=UserEvent.Category.TOTP_LOGIN, ip_addr=HOME)
    client, place = Client(), {"REMOTE_ADDR": network(number)}
    client.post("/session", {"session[name]": "alice", "session[password]": "password"}, **place)
    return client.post(f"/session/verify_totp{suffix}", {"session[code]": "000000"}, **place)


def show_a_wrong_key(number, suffix):
    key = base64.b64encode(b"alice:wrong").decode()
    headers = {"Authorization": f"Basic {key}"}
    return Client().get(f"/posts{suffix}", REMOTE_ADDR=network(number), headers=headers)


def preview_a_long_script(number, suffix):
    client = Client(REMOTE_ADDR=HOME)
    client.force_login(User.objects.get(name="alice"))
    script = "\n".join(f"alias a{line} -> b{line}" for line in range(300))
    fields = {"bulk_update_request[script]": script}
    return client.post(f"/bulk_update_requests/preview{suffix}", fields, headers={"HX-Request": "true"})


@pytest.mark.parametrize("suffix", [PAGE, JSON])
@pytest.mark.parametrize(
    ("ask", "tries", "seconds"),
    [
        # The try that is refused counts, too: points are gained for it and for the next.
        (log_in, 5, 600),
        (log_in_as_a_stranger, 10, 600),
        (log_in_to_accounts_of_one_mailbox, 5, 120),
        (enter_a_code, 10, 300),
        (show_a_wrong_key, 30, 20),
        (preview_a_long_script, 3, 33),
    ],
)
def test_the_answer_says_when_to_come_again(clock, ask, tries, seconds, suffix):
    UserFactory(name="alice")
    assert 429 not in [ask(number, suffix).status_code for number in range(tries)]
    refused = ask(tries, suffix)
    assert (refused.status_code, "json" in refused["Content-Type"]) == (429, suffix == JSON)
    assert refused["Retry-After"] == str(seconds)
    clock.shift(seconds + 0.01)
    database_clock.stand_still(datetime.now(UTC))
    assert ask(tries, suffix).status_code != 429


def test_who_goes_on_is_told_of_a_longer_wait():
    UserFactory(name="alice")
    answers = [log_in(number, JSON) for number in range(12)]
    waits = [int(answer["Retry-After"]) for answer in answers if answer.status_code == 429]
    assert len(waits) == 7
    assert waits == sorted(waits)


@pytest.mark.parametrize(("seconds", "told"), [(0, "1"), (0.2, "1"), (1, "1"), (1.01, "2")])
def test_the_wait_is_told_in_whole_seconds(seconds, told):
    assert TooManyRequests(seconds).headers == {"Retry-After": told}
