from datetime import timedelta

import pytest

from jobs.engine.base import Job
from jobs.engine.retry import Retry, exponential, fixed, linear, polynomial


@pytest.mark.parametrize(
    ("attempt", "least"), [(1, 3), (2, 18), (3, 83), (4, 258), (5, 627), (6, 1298), (7, 2403)]
)
def test_the_wait_grows_with_the_fourth_power_and_some_jitter(attempt, least):
    for _ in range(20):
        assert least <= polynomial(attempt) <= least + 0.15 * attempt**4


def test_only_the_named_errors_are_retried():
    retry = Retry(on=(TimeoutError,), attempts=3, wait=lambda attempt: attempt)
    assert retry.delay(TimeoutError(), 1) == 1
    assert retry.delay(ValueError(), 1) is None


def test_attempts_counts_all_of_them():
    retry = Retry(on=(Exception,), attempts=3, wait=lambda attempt: attempt)
    assert [retry.delay(ValueError(), attempt) for attempt in (1, 2, 3)] == [1, 2, None]


def test_other_waits():
    assert [fixed(5)(n) for n in (1, 2, 3)] == [5, 5, 5]
    assert [linear(5)(n) for n in (1, 2, 3)] == [5, 10, 15]
    for attempt, least in ((1, 2), (2, 4), (3, 8), (4, 10), (1000, 10)):
        assert least <= exponential(2, most=10)(attempt) <= least * 1.15


def test_max_attempts_retries_any_error_and_bounds_a_policy():
    class Stubborn(Job):
        max_attempts = 3

    class Bounded(Stubborn):
        retry = Retry(on=(TimeoutError,), attempts=8, wait=fixed(1))

    class Modest(Stubborn):
        retry = Retry(on=(TimeoutError,), attempts=2)

    assert Job.retry_policy() is None
    assert Stubborn.retry_policy() == Retry(on=(Exception,), attempts=3)
    bounded, modest = Bounded.retry_policy(), Modest.retry_policy()
    assert bounded == Retry(on=(TimeoutError,), attempts=3, wait=Bounded.retry.wait)
    assert modest == Modest.retry


def test_an_error_that_knows_when_is_heeded():
    class Busy(Exception):
        retry_after = timedelta(minutes=2)

    retry = Retry(on=(Busy,), attempts=3, wait=fixed(1))
    assert [retry.delay(Busy(), attempt) for attempt in (1, 2, 3)] == [120, 120, None]
