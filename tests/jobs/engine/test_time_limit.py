"""The alarm around a job."""

from __future__ import annotations

import random
import signal
import time
from datetime import timedelta

import pytest

from jobs.engine.errors import JobTimeout
from jobs.engine.time_limit import within
from jobs.engine.worker import this_process


def spin(seconds: float) -> str:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass
    return "done"


def test_wherever_the_alarm_strikes_nothing_stays_armed():
    handler = signal.getsignal(signal.SIGALRM)
    chance, struck = random.Random(4), 0
    for _ in range(4000):
        try:
            # Some end just before the limit, some just after it, and some in its very moment.
            within(timedelta(seconds=0.0002), lambda: spin(chance.uniform(0.0001, 0.00025)))
        except JobTimeout:
            struck += 1
        assert this_process.seat.deadline.value == 0
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
        assert signal.getsignal(signal.SIGALRM) is handler
    assert 0 < struck < 4000


def test_a_limit_of_nothing_strikes_at_once():
    with pytest.raises(JobTimeout):
        within(timedelta(microseconds=1), lambda: spin(5))
    assert this_process.seat.deadline.value == 0


def test_without_a_limit_there_is_none():
    assert within(None, lambda: spin(0)) == "done"
    assert within(timedelta(seconds=60), lambda: spin(0)) == "done"


def test_a_limit_in_a_limit_gives_back_the_alarm_of_the_outer_one():
    """As when a job performs another one at once."""

    def perform() -> None:
        deadline = this_process.seat.deadline.value
        assert within(timedelta(seconds=600), lambda: spin(0)) == "done"
        with pytest.raises(JobTimeout, match=r"0:00:00\.001"):
            within(timedelta(milliseconds=1), lambda: spin(600))
        assert this_process.seat.deadline.value == deadline > 0
        spin(600)

    with pytest.raises(JobTimeout, match="0:00:02"):
        within(timedelta(seconds=2), perform)
    assert this_process.seat.deadline.value == 0
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
