"""Passwords and codes are not found by trying, and nobody is kept out of their account by who tries."""

from datetime import timedelta
from random import randint

import pyotp
import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booru.models import ApiKey, Level, RateLimit, User, UserEvent
from mailers.content import tokens
from tests.support.buttons import click
from tests.support.factories import EmailAddressFactory, UserFactory

pytestmark = pytest.mark.django_db
HOME = "93.184.216.5"
SECRET = "JBSWY3DPEHPK3PXP" * 2


@pytest.fixture(autouse=True)
def rate_limits(settings):
    settings.DANBOORU_RATE_LIMITS = True


@pytest.fixture
def alice(db):
    return UserFactory(name="alice", password="secret password")


def log_in(name="alice", password="wrong", *, client=None, address=HOME):
    form = {"session[name]": name, "session[password]": password}
    return (client or Client()).post("/session", form, REMOTE_ADDR=address).status_code


def strangers(number, name="alice", first=0):
    """Each from a network of its own."""
    return [
        log_in(name, address=f"45.{index // 200}.{index % 200}.1") for index in range(first, first + number)
    ]


def test_strangers_together_have_ten_tries(alice):
    answers = strangers(30)
    assert answers[:10] == [401] * 10
    assert set(answers[10:]) <= {401, 429}
    assert answers[-1] == 429
    assert log_in(password="secret password", address="45.9.9.9") == 429, "the right one is not looked at"


def test_the_owner_comes_in_from_a_known_network(alice):
    assert log_in(password="secret password") == 302
    strangers(30)
    assert log_in(password="secret password", address="93.184.216.77") == 302


def test_the_owner_comes_in_with_a_known_browser_wherever_it_is(alice):
    client = Client()
    assert log_in(password="secret password", client=client) == 302
    client.post("/logout")
    strangers(30)
    assert log_in(password="secret password", client=client, address="8.8.8.8") == 302
    assert log_in(password="secret password", address="8.8.9.9") == 429


def test_who_is_logged_in_is_no_stranger(alice):
    client = Client()
    client.force_login(alice)
    strangers(30)
    assert log_in(password="secret password", client=client, address="8.8.8.8") == 302


def test_a_known_browser_does_not_wait_for_strangers_in_its_network(alice):
    client = Client()
    assert log_in(password="secret password", client=client, address="") == 302
    client.post("/logout")
    assert [log_in(name, address="") for name in "abcdefgh"][-1] == 429
    assert log_in(password="secret password", client=client, address="") == 302
    tries = [log_in(client=client, address="") for _ in range(6)]
    assert tries[-1] == 429, "it has a limit of its own"


def test_a_new_password_makes_strangers_of_other_browsers(alice):
    client = Client()
    assert log_in(password="secret password", client=client) == 302
    client.post("/logout")
    alice.set_password("new password")
    alice.save()
    UserEvent.objects.all().delete()
    strangers(30)
    assert log_in(password="new password", client=client, address="8.8.8.8") == 429


@pytest.mark.parametrize("forged", ["x", "", "eyJpZCI6ICJ4In0:1:x", "é"])
def test_a_forged_cookie_is_none(alice, forged):
    client = Client()
    client.cookies["known_browser"] = forged
    strangers(30)
    assert log_in(password="secret password", client=client, address="8.8.8.8") == 429


def test_the_cookie_of_one_account_is_none_for_another(alice):
    UserFactory(name="mallory", password="mine, mine")
    client = Client()
    assert log_in("mallory", "mine, mine", client=client, address="8.8.8.8") == 302
    client.post("/logout")
    strangers(30)
    assert log_in(password="secret password", client=client, address="8.8.8.8") == 429


def test_a_browser_knows_a_few_accounts(alice):
    client = Client()
    for number in range(6):
        UserFactory(name=f"user{number}a", password="secret password")
        assert log_in(f"user{number}a", "secret password", client=client, address=f"8.{number}.8.8") == 302
        client.post("/logout")
    assert len(client.cookies["known_browser"].value) < 1000
    assert client.cookies["known_browser"]["httponly"]
    strangers(30, "user5a")
    assert log_in("user5a", "secret password", client=client, address="9.9.9.9") == 302


def test_the_right_password_does_not_use_up_the_tries(alice):
    for number in range(15):
        assert log_in(password="secret password", address=f"45.1.{number}.1") == 302
        UserEvent.objects.all().delete()


def test_after_many_tries_there_is_one_an_hour(alice):
    """The buckets go by the database's clock; so they are put back instead of waiting."""

    def after(**span):
        age = timedelta(**span)
        RateLimit.objects.update(updated_at=F("updated_at") - age)
        return strangers(1, first=randint(1000, 9000))

    answers = strangers(11)
    for _ in range(40):
        answers += after(minutes=11)
    # Ten at once, and one each eleven minutes until the slow bucket is empty, too.
    assert set(answers[:10] + answers[11:30]) == {401}
    assert answers.count(429) > 5
    assert answers.count(401) < 45
    assert after(hours=3) == [401]


def test_an_account_that_is_not_there_answers_alike(alice):
    EmailAddressFactory(user=alice, address="alice@example.com")
    User.objects.system()
    counts = []
    for name in ("alice", "nobody", "alice@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            assert log_in(name, address="77.1.1.1") == 401
        # Taking back what was done is one statement more inside of a test's own transaction.
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert len(set(counts)) == 1, counts


@pytest.mark.parametrize("name", ["nobody", "nobody@example.com", "", "user_0", "x" * 500, "a@b@c"])
def test_strangers_have_as_many_tries_for_nobody(alice, name):
    answers = strangers(20, name)
    assert answers[:10] == [401] * 10
    assert answers[-1] == 429


def test_the_limit_does_not_tell_whose_the_address_is(alice):
    EmailAddressFactory(user=alice, address="alice@example.com")
    strangers(20)
    assert strangers(10, "alice@example.com", first=100) == [401] * 10
    assert strangers(10, "ALICE@example.com", first=200)[-1] == 429


def test_who_knows_the_password_does_not_keep_the_owner_from_their_code(alice):
    alice.totp_secret = SECRET
    alice.save()
    UserEvent.objects.create(user=alice, category=UserEvent.Category.TOTP_LOGIN, ip_addr=HOME)

    def enter(code, address):
        client = Client()
        assert log_in(password="secret password", client=client, address=address) == 200
        return client.post("/session/verify_totp", {"session[code]": code}, REMOTE_ADDR=address).status_code

    answers = [enter("000000", f"45.2.{number}.1") for number in range(12)]
    assert answers[:10] == [401] * 10
    assert answers[-1] == 429
    code = pyotp.TOTP(SECRET).now()
    assert enter(code, "45.3.3.3") == 429
    assert enter(code, HOME) == 302


def test_wrong_api_keys_are_limited_and_right_ones_are_not(alice):
    _, key = ApiKey.objects.make(alice)

    def ask(login, key, address):
        path = f"/posts.json?login={login}&api_key={key}"
        return Client().get(path, REMOTE_ADDR=address).status_code

    answers = [ask("alice", "wrong", f"45.4.{number}.1") for number in range(40)]
    assert answers[:30] == [401] * 30
    assert answers[-1] == 429
    assert ask("alice", key, "45.4.1.1") == 200
    by_network = [ask(f"user{number}", "wrong", "45.5.5.5") for number in range(40)]
    assert by_network[-1] == 429
    assert ask("alice", key, "45.5.5.5") == 200


def test_a_password_that_everybody_knows_opens_nothing_where_others_come(settings):
    UserFactory(name="otto_owner", password="danbooru")
    settings.DANBOORU_CANONICAL_URL = "https://booru.example"
    response = Client().post("/session", {"session[name]": "otto_owner", "session[password]": "danbooru"})
    assert response.status_code == 401
    assert "Everybody knows that password" in response.content.decode()
    settings.DANBOORU_CANONICAL_URL = "http://localhost:8000"
    settings.LOCAL_HOSTS = settings.ALLOWED_HOSTS
    assert log_in("otto_owner", "danbooru") == 302


def test_a_mailed_link_makes_a_place_of_a_browser_without_an_address():
    """No network can be known there; without this nobody who is sent such a link could ever log in."""
    user = UserFactory(name="bella", password="secret password", level=Level.BUILDER, with_email=True)
    client = Client()
    assert log_in("bella", "secret password", client=client, address="") == 401
    event = user.events.get(category=UserEvent.Category.LOGIN_PENDING_VERIFICATION)
    token = tokens.sign("login_verification", event.pk)
    click(client, f"/login?signed_login_event={token}", "Verify login", REMOTE_ADDR="")
    assert log_in("bella", "secret password", client=client, address="") == 302
    assert log_in("bella", "secret password", address="") == 401, "another browser"
