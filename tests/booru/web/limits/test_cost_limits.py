"""Dear requests, paid for with real statements or with seconds that a page says it took."""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from booru.models import Level, RateLimit
from booru.web.limits import cost_limits
from booru.web.limits.cost_limits import BUCKET, CostLimitMiddleware, cost_limit
from tests.support import database_clock
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
MESSAGE = "You're doing that too fast. Wait a minute and try again."
ADDRESS, NEIGHBOUR, STRANGER = "93.184.216.5", "93.184.216.200", "93.184.217.5"


@pytest.fixture(autouse=True)
def cost_limits_on(settings):
    settings.ROOT_URLCONF = "tests.booru.web.slow_views"
    settings.DANBOORU_RATE_LIMITS = True
    settings.DANBOORU_COST_LIMITS = {"anonymous": 10, "gold": 20, "builder": 60, "owner": 0}
    cost_limits.debts.clear()
    database_clock.stand_still(NOW)
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock
    cost_limits.debts.clear()


@pytest.fixture
def slow_machine(monkeypatch):
    """On which what is cheap may take ten seconds."""
    monkeypatch.setattr(cost_limits, "FREE", 10.0)


def client_at(address=ADDRESS, user=None, **options):
    client = Client(REMOTE_ADDR=address, **options)
    if user:
        client.force_login(user)
    return client


def spend(client, seconds, suffix=""):
    return client.get(f"/spends{suffix}?seconds={seconds}")


def statuses(client, seconds, times):
    return [spend(client, seconds).status_code for _ in range(times)]


@pytest.mark.usefixtures("slow_machine")
def test_what_is_dear_is_refused_until_it_is_paid_for(cost_limits_on):
    client = client_at()
    assert statuses(client, 19, 3) == [200, 200, 429]
    refused = spend(client, 19)
    assert MESSAGE in refused.content.decode().replace("&#x27;", "'")
    owed = int(refused["Retry-After"])
    # Two times nine seconds were used, and a tenth of a second comes back each second.
    assert 79 < owed < 200
    cost_limits_on.shift(owed + 1)
    database_clock.stand_still(datetime.now(UTC))
    assert spend(client, 1).status_code == 200


@pytest.mark.usefixtures("slow_machine")
def test_the_answer_tells_programs_what_is_the_matter():
    client = client_at()
    spend(client, 30, ".json")
    refused = spend(client, 1, ".json")
    assert (refused.status_code, refused.json()["error"], refused.json()["message"]) == (
        429,
        "TooManyRequests",
        MESSAGE,
    )
    report = json.loads(refused["X-Rate-Limit"])
    assert report["points"] < 0
    assert {**report, "points": 0} == {
        "bucket": BUCKET,
        "rate": 0.1,
        "burst": 10,
        "points": 0,
        "limited": True,
    }


@pytest.mark.usefixtures("slow_machine")
def test_cheap_requests_ask_for_no_bucket_and_pay_nothing():
    client = client_at()
    assert statuses(client, 0.5, 30) == [200] * 30
    assert not RateLimit.objects.exists()


@pytest.mark.usefixtures("slow_machine")
def test_who_owes_may_still_use_what_is_cheap():
    client = client_at()
    assert statuses(client, 60, 2) == [200, 429]
    assert [client.get("/login").status_code for _ in range(20)] == [200] * 20


@pytest.mark.usefixtures("slow_machine")
def test_neighbours_in_a_network_owe_together_and_strangers_do_not():
    spend(client_at(ADDRESS), 60)
    assert spend(client_at(NEIGHBOUR), 1).status_code == 429
    assert spend(client_at(STRANGER), 1).status_code == 200


@pytest.mark.usefixtures("slow_machine")
@pytest.mark.parametrize("told", ["", "unknown"])
def test_all_whose_address_is_unknown_owe_together(told):
    spend(client_at(""), 60)
    assert spend(client_at(told), 1).status_code == 429
    assert spend(client_at(STRANGER), 1).status_code == 200


@pytest.mark.usefixtures("slow_machine")
def test_a_user_takes_the_debt_along_to_another_address():
    user = UserFactory()
    spend(client_at(ADDRESS, user), 60)
    assert spend(client_at(STRANGER, user), 1).status_code == 429


@pytest.mark.parametrize(
    ("level", "burst"),
    [(Level.MEMBER, 10), (Level.GOLD, 20), (Level.PLATINUM, 20), (Level.ADMIN, 60), (Level.OWNER, 0)],
)
def test_higher_levels_may_ask_more(level, burst):
    limit = cost_limit(UserFactory.build(level=level))
    assert (limit.burst, limit.rate) == (burst, burst / 100)


@pytest.mark.usefixtures("slow_machine")
def test_a_level_without_a_limit_pays_nothing():
    assert statuses(client_at(user=UserFactory(level=Level.OWNER)), 60, 3) == [200] * 3
    assert not RateLimit.objects.exists()


@pytest.mark.usefixtures("slow_machine")
def test_what_many_cause_at_once_is_owed_in_full():
    keys = ["ip/x"]
    take = {"rate": 0.1, "burst": 10}
    left = [RateLimit.objects.charge(BUCKET, keys, cost=6, **take)["ip/x"] for _ in range(8)]
    assert left == [4, -2, -8, -14, -20, -26, -30, -30]


@pytest.mark.parametrize("address", ["/sleeps?seconds=0.5", "/computes?seconds=0.5"])
def test_the_time_of_statements_and_of_the_processor_is_what_is_paid(address, settings):
    settings.DANBOORU_COST_LIMITS = {"anonymous": 0.1}
    client = client_at()
    assert [client.get(address).status_code for _ in range(2)] == [200, 429]
    assert RateLimit.objects.get(action=BUCKET).points <= -0.1


def test_a_password_that_is_checked_is_not_dear(monkeypatch):
    monkeypatch.setattr(cost_limits, "FREE", 0.05)
    client_at().post("/computes?seconds=0.2")
    assert not RateLimit.objects.filter(action=BUCKET).exists()


def test_limits_can_be_switched_off(settings):
    settings.DANBOORU_RATE_LIMITS = False
    assert statuses(client_at(), 60, 3) == [200] * 3


def test_a_level_that_does_not_exist_is_told_at_the_start(settings):
    settings.DANBOORU_COST_LIMITS = {"golden": 3}
    with pytest.raises(ImproperlyConfigured, match="DANBOORU_COST_LIMITS: 'golden' is no level"):
        CostLimitMiddleware(lambda _request: None)


def test_the_newest_debtors_are_remembered(monkeypatch):
    monkeypatch.setattr("booru.web.limits.debts._MOST", 2)
    for key in ("a", "b", "c"):
        cost_limits.debts.note(key, "here", 10)
    assert cost_limits.debts.of(["a"], "here") is None
    assert cost_limits.debts.of(["b", "c"], "there").is_from_here is False
