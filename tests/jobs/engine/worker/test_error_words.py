"""Whatever a job raises, what is kept and logged of it is short and quick to get."""

from __future__ import annotations

import io
import logging
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django_q.models import Task
from django_q.tasks import async_task

from jobs.engine.faults.failure import BACKTRACE, MESSAGE
from jobs.engine.faults.long_text import cut
from jobs.engine.testing import perform_enqueued_jobs
from jobs.engine.worker import error_words
from jobs.engine.worker.error_words import failure_of
from jobs.engine.worker.interrupting import Interrupted, interrupted_after
from tests.jobs.engine.worker.monstrous_errors import ERRORS, MonstrousJob, SleepyError, raise_monster
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

# What is said of the part that is cut comes on top.
SOME = 200


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors that never say what they are cost the tests less."""
    monkeypatch.setattr(error_words, "_SECONDS", 0.2)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, formatted."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    logger = logging.getLogger("jobs")
    logger.addHandler(handler)
    yield text
    logger.removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ERRORS)
def test_whatever_a_job_raises_it_is_kept_and_logged_in_short(name: str, log: io.StringIO) -> None:
    MonstrousJob.enqueue(name)
    (job,) = perform_enqueued_jobs()
    assert job.finished_at
    assert job.error
    assert len(job.error) <= MESSAGE + 2 * SOME
    (attempt,) = job.failed_attempts.all()
    assert len(attempt.error_class) <= 2 * SOME
    assert len(attempt.message) <= MESSAGE + SOME
    assert len(attempt.backtrace) <= BACKTRACE + SOME
    assert "in perform" in attempt.backtrace
    assert len(log.getvalue()) <= MESSAGE + BACKTRACE + 5 * SOME
    assert "in perform" in log.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["huge", "sleepy", "rude", "mute", "selfish"])
def test_so_it_is_with_a_plain_function(name: str) -> None:
    task_id = async_task(raise_monster, name)
    perform_enqueued_jobs()
    task = Task.objects.get(pk=task_id)
    assert not task.success
    assert len(task.result) <= MESSAGE + BACKTRACE + 2 * SOME


def test_of_a_long_text_the_beginning_and_the_end_are_kept_and_it_says_so() -> None:
    found = failure_of(ERRORS["huge"]())
    assert found.message.startswith("headxxx")
    assert found.message.endswith("xxxtail")
    assert "[… 4,990,008 of 5,000,008 letters are cut here …]" in found.message


def test_an_error_that_is_not_long_is_kept_whole_and_logged_as_it_is() -> None:
    error = ValueError("oh no")
    error.add_note("a note")
    error.__cause__ = KeyError("cause")
    found = failure_of(error, timedelta(1))
    assert found.text == "ValueError: oh no"
    assert found.for_logs == {"exc_info": error}
    assert "a note" in found.backtrace
    assert "KeyError: 'cause'" in found.backtrace


@pytest.mark.parametrize("length", [0, 1, 9, 10, 11, 25, 1000])
def test_a_text_is_cut_only_where_it_is_too_long(length: int) -> None:
    text = "".join(chr(97 + number % 26) for number in range(length))
    for pieces in ([text], list(text), [text[:7], text[7:]]):
        found = cut(pieces, 10)
        assert found == text if length <= 10 else found.startswith("abcde") and found.endswith(text[-5:])


def test_what_database_and_log_cannot_hold_is_spelt() -> None:
    assert failure_of(ValueError("a\0b\ud800")).message == r"a\0b\ud800"


def test_a_sleeping_error_keeps_neither_alarm_nor_handler() -> None:
    before = signal.getsignal(signal.SIGALRM)
    assert failure_of(SleepyError()).message == "it cannot be shown, because that takes too long"
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_an_alarm_that_was_set_before_comes_after_all() -> None:
    rings = []
    before = signal.signal(signal.SIGALRM, lambda *_: rings.append(1))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(Interrupted), interrupted_after(0.1):
            time.sleep(600)
        wait_until(lambda: rings, what="the alarm")
        # It may strike before its timer is at rest.
        wait_until(lambda: signal.getitimer(signal.ITIMER_REAL) == (0, 0), what="the timer to end")
    finally:
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", ERRORS)
def test_in_a_thread_no_error_takes_its_time_either(name: str) -> None:
    """As in JOBS_MODE "async": no signal reaches it."""
    with ThreadPoolExecutor(1) as pool:
        failure = pool.submit(lambda: failure_of(ERRORS[name]())).result()
        again = pool.submit(lambda: failure_of(ValueError("short"))).result()
    assert len(failure.message) <= MESSAGE + SOME
    assert len(failure.backtrace) <= BACKTRACE + SOME
    if name == "sleepy":
        assert failure.message == "it cannot be shown, because that takes too long"
    assert again.message == "short"
