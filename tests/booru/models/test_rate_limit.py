from datetime import timedelta
from functools import partial
from threading import Thread

import pytest
from django.db import connection, transaction
from django.db.models import F

from booru.models import RateLimit
from tests.support import database_clock
from tests.support.at_once import at_once

pytestmark = pytest.mark.django_db
RULE = {"rate": 1 / 60, "burst": 5}


@pytest.fixture(autouse=True)
def clock_that_stands_still(request, db):
    if "transaction" not in request.node.get_closest_marker("django_db").kwargs:
        database_clock.stand_still()


def take(*keys, **rule):
    return RateLimit.objects.take("dmails:create", keys or ["users/1"], **{**RULE, **rule})


def seconds_pass(seconds):
    RateLimit.objects.update(updated_at=F("updated_at") - timedelta(seconds=seconds))


def test_a_bucket_is_emptied_and_refilled_as_the_worked_example_says():
    balances = [take() for _ in range(5)]
    assert [verdict.is_limited for verdict in balances] == [False] * 5
    assert [round(verdict.points) for verdict in balances] == [4, 3, 2, 1, 0]
    sixth, seventh = take(), take()
    assert sixth.is_limited
    assert sixth.points == pytest.approx(-1, abs=0.01)
    assert seventh.is_limited
    assert seventh.points == pytest.approx(-1 - 1 / 60, abs=0.01)
    seconds_pass(61)
    assert take().is_limited
    seconds_pass(121)
    assert not take().is_limited


def test_a_bucket_is_never_fuller_than_its_burst():
    take()
    seconds_pass(86400)
    assert take().points == pytest.approx(4)


def test_who_hammers_on_is_pushed_down_to_a_floor():
    for _ in range(40):
        verdict = take(rate=1, burst=1)
    assert verdict.points >= -30
    RateLimit.objects.update(points=-100)
    assert take(rate=1, burst=1).points == -30


def test_any_empty_bucket_limits():
    for _ in range(5):
        take("ip/10.0.0.0")
    assert take("ip/10.0.0.0", "users/2").is_limited
    assert not take("users/2").is_limited


def test_actions_have_buckets_of_their_own():
    for _ in range(6):
        take()
    assert not RateLimit.objects.take("sessions:create", ["users/1"], **RULE).is_limited


def test_a_burst_of_nothing_limits_at_once():
    assert take(burst=0).is_limited


@pytest.mark.django_db(transaction=True)
def test_callers_at_once_get_no_more_than_the_burst():
    verdicts = []

    def call():
        verdicts.extend(take("users/1", "ip/10.0.0.0", "session/x", burst=10, rate=0) for _ in range(5))
        connection.close()

    threads = [Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(not verdict.is_limited for verdict in verdicts) == 10


def test_buckets_of_an_hour_ago_are_pruned():
    take("users/1")
    seconds_pass(120)
    take("users/2")
    seconds_pass(3599 - 120)
    take("users/3")
    assert RateLimit.objects.prune() == 0
    seconds_pass(2)
    assert RateLimit.objects.prune() == 1
    assert set(RateLimit.objects.values_list("key", flat=True)) == {"users/2", "users/3"}


@pytest.mark.django_db(transaction=True)
def test_pruning_does_not_wait_for_a_bucket_that_is_in_use():
    take("users/1")
    seconds_pass(3601)
    with transaction.atomic():
        take("users/1")
        assert at_once(partial(_prunes, 0)) == [None]
    seconds_pass(3601)
    assert at_once(partial(_prunes, 1)) == [None]


def _prunes(count):
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
    assert RateLimit.objects.prune() == count


def test_a_bucket_is_kept_until_nothing_is_owed():
    slow = {"rate": 1 / 3600, "burst": 3}
    for _ in range(4):
        take("users/1", **slow)
    take("users/2", **slow)
    seconds_pass(3601)
    assert RateLimit.objects.prune() == 1
    assert RateLimit.objects.get().key == "users/1"
    # An hour has given one point back, of the four that were taken.
    assert take("users/1", **slow).is_limited
    seconds_pass(5 * 3600)
    assert RateLimit.objects.prune() == 1


def test_a_bucket_from_before_its_size_was_kept_goes_when_it_is_in_credit():
    RateLimit.objects.create(action="old", key="users/1", points=0)
    RateLimit.objects.create(action="old", key="users/2", points=-30)
    seconds_pass(3601)
    assert RateLimit.objects.prune() == 1
    seconds_pass(30 * 600)
    assert RateLimit.objects.prune() == 1
