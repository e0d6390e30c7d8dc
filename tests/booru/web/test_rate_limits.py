import json

import pytest
from django.test import Client

from booru.models import Dmail, RateLimit
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rate_limits(settings):
    settings.DANBOORU_RATE_LIMITS = True


def client_at(address="93.184.216.5", user=None):
    client = Client(REMOTE_ADDR=address)
    if user:
        client.force_login(user)
    return client


def log_in(client):
    return client.post("/session", {"session[name]": "nobody", "session[password]": "wrong"})


def test_logging_in_is_limited_to_a_few_tries():
    client = client_at()
    assert [log_in(client).status_code for _ in range(6)] == [401] * 5 + [429]
    refused = log_in(client)
    assert "You&#x27;re doing that too fast. Wait a minute and try again." in refused.content.decode()
    assert json.loads(refused["X-Rate-Limit"])["limited"] is True


def test_a_neighbour_in_the_same_network_shares_the_limit_others_do_not():
    for _ in range(5):
        log_in(client_at("93.184.216.5"))
    assert log_in(client_at("93.184.216.200")).status_code == 429
    assert log_in(client_at("93.184.217.5")).status_code == 401
    for _ in range(5):
        log_in(client_at("2001:db9:1:2::1"))
    assert log_in(client_at("2001:db9:1:2:ffff::9")).status_code == 429
    assert log_in(client_at("2001:db9:1:3::1")).status_code == 401


def test_a_user_takes_the_limit_along_to_another_address():
    sender, recipient = UserFactory(), UserFactory()
    form = {"dmail[to_name]": recipient.name, "dmail[title]": "hi", "dmail[body]": "there"}
    answers = [client_at(f"198.51.{n}.1", sender).post("/dmails", form).status_code for n in range(6)]
    assert answers == [302] * 5 + [429]
    assert Dmail.objects.filter(owner=recipient).count() == 5


def test_reading_is_not_limited():
    client = client_at()
    for _ in range(10):
        assert client.get("/login").status_code == 200
    assert not RateLimit.objects.exists()


def test_the_answer_tells_what_is_left():
    report = json.loads(log_in(client_at())["X-Rate-Limit"])
    assert report == {"bucket": "sessions:create", "rate": 1 / 300, "burst": 5, "points": 4, "limited": False}


def test_limits_can_be_switched_off(settings):
    settings.DANBOORU_RATE_LIMITS = False
    client = client_at()
    assert [log_in(client).status_code for _ in range(7)] == [401] * 7
