import pytest

from jobs.engine.retry import Retry, polynomial


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
