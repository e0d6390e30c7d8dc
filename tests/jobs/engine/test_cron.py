"""The schedule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from croniter import CroniterError

from jobs.engine import cron
from jobs.engine.cron import CronEntry
from jobs.engine.models import BackgroundJob, CronState
from jobs.engine.testing import assert_no_enqueued, enqueued_jobs, perform_enqueued_jobs
from tests.support.database_clock import stand_still
from tests.support.sample_jobs import OtherJob, RecordJob

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, 30, 30, tzinfo=UTC)
HOURLY = CronEntry("record", "0 * * * *", RecordJob, ("hello",))
BROKEN = CronEntry("broken", "0 0 31 2 *", RecordJob)
NONSENSE = CronEntry("nonsense", "every day", RecordJob)
MINUTELY = CronEntry("other", "* * * * *", OtherJob)
SCHEDULE = (BROKEN, HOURLY, NONSENSE, MINUTELY)


@pytest.fixture(autouse=True)
def schedule(settings):
    """At half past, so that no minute and no hour begins while a test runs."""
    settings.JOBS_SCHEDULE = f"{__name__}.SCHEDULE"
    with time_machine.travel(NOW, tick=False):
        stand_still(NOW)
        yield


def backdate(key, span):
    CronState.objects.filter(key=key).update(last_tick_at=datetime.now(UTC) - span)


def test_a_new_entry_begins_with_its_next_tick_and_a_bad_one_leaves_the_others_alone():
    assert cron.tick() == 0
    assert set(CronState.objects.values_list("key", flat=True)) == {"record", "other"}
    backdate("other", timedelta(minutes=5))
    assert cron.tick() == 1
    assert [job.job_class for job in enqueued_jobs()] == [OtherJob.path()]


def test_missed_ticks_are_made_up_for_once(calls):
    cron.tick()
    backdate("record", timedelta(days=3))
    assert [cron.tick(), cron.tick()] == [1, 0]
    job = enqueued_jobs(RecordJob)[0]
    assert job.cron_key == "record"
    assert job.cron_at == datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    perform_enqueued_jobs(RecordJob)
    assert calls == [(("hello",), {})]


def test_a_tick_is_left_out_while_the_last_job_is_unfinished():
    cron.tick()
    backdate("record", timedelta(hours=2))
    cron.tick()
    backdate("record", timedelta(hours=2))
    BackgroundJob.objects.update(cron_at=datetime.now(UTC) - timedelta(hours=2))
    assert cron.tick() == 0
    assert len(enqueued_jobs(RecordJob)) == 1


def test_an_entry_that_is_switched_off_misses_its_ticks():
    cron.tick()
    cron.switch("record", enabled=False)
    backdate("record", timedelta(hours=2))
    assert cron.tick() == 0
    cron.switch("record", enabled=True)
    assert cron.tick() == 0
    backdate("record", timedelta(hours=2))
    assert cron.tick() == 1


def test_an_entry_can_be_run_now():
    job = cron.run_now("record")
    assert job
    assert (job.cron_key, job.cron_at) == ("record", None)
    assert cron.run_now("record") is None


@pytest.mark.parametrize("what", [cron.run_now, cron.find, lambda key: cron.switch(key, enabled=False)])
def test_an_unknown_entry_is_an_error(what):
    with pytest.raises(LookupError, match="no entry nothing"):
        what("nothing")
    assert_no_enqueued()


@pytest.mark.parametrize(
    ("line", "now", "last", "following"),
    [
        ("0 * * * *", "2026-03-01T10:30:20", "2026-03-01T10:00", "2026-03-01T11:00"),
        ("0 0 * * *", "2026-03-01T00:00:59", "2026-03-01T00:00", "2026-03-02T00:00"),
        ("0 0 * * 0", "2026-03-04T12:00:00", "2026-03-01T00:00", "2026-03-08T00:00"),
        ("0 0 1 * *", "2026-03-04T12:00:00", "2026-03-01T00:00", "2026-04-01T00:00"),
    ],
)
def test_ticks_are_in_utc(line, now, last, following):
    def at(text):
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    entry = CronEntry("x", line, RecordJob)
    assert entry.last_tick(at(now)) == at(last)
    assert entry.next_tick(at(now)) == at(following)


def test_a_time_that_never_comes_is_an_error():
    with pytest.raises(CroniterError):
        BROKEN.next_tick(datetime.now(UTC))


def test_a_last_tick_of_a_wrong_clock_is_forgotten():
    cron.tick()
    backdate("other", timedelta(days=-30))
    cron.tick()
    assert CronState.objects.get(key="other").last_tick_at <= datetime.now(UTC)


JUMPS = [timedelta(days=-40), timedelta(hours=-3), timedelta(hours=3), timedelta(days=40)]


@pytest.mark.parametrize("jump", JUMPS)
def test_a_jump_of_the_clock_leaves_out_no_tick_after_it_and_repeats_none(jump):
    start = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)

    def at(moment):
        stand_still(moment)
        count = cron.tick()
        BackgroundJob.objects.filter(finished_at=None).update(finished_at=moment)
        return count

    at(start)
    # The ticks that come again, when the clock is set back, have had their jobs.
    for moment in (start + jump, start):
        at(moment)
        assert at(moment) == 0, "once for all that was missed"
        hours = [moment + timedelta(hours=n) for n in range(1, 5)]
        assert [at(hour) for hour in hours] == [2] * 4, "hourly and minutely"


class OwnKeyJob(RecordJob):
    @classmethod
    def unique_key(cls, *args: Any, **kwargs: Any) -> str:
        return "own"


def test_the_key_of_the_class_holds_for_the_schedule_too():
    entry = CronEntry(key="own", cron="* * * * *", job=OwnKeyJob)
    by_hand = OwnKeyJob.enqueue()
    assert not cron._enqueue(entry, None)
    assert enqueued_jobs(OwnKeyJob) == [by_hand]
    perform_enqueued_jobs()
    assert cron._enqueue(entry, None)
    assert OwnKeyJob.enqueue().cron_key == "own"


@pytest.mark.parametrize(
    "line",
    [
        "x",
        "",
        "* * * *",
        "0 * * * * *",
        "0 0 1 1 * 0 2030",
        "0 0 31 2 *",
        "60 * * * *",
        "* 25 * * *",
        "H * * * *",
        "a b c d e",
    ],
)
def test_a_line_that_is_wrong_is_told(line):
    assert CronEntry(key="a", cron=line, job=RecordJob).problem()


@pytest.mark.parametrize("line", ["* * * * *", "*/15 0 1 jan mon", "0 0 29 2 *", "@daily", "0 0 L * *"])
def test_a_line_that_comes_is_right(line):
    assert CronEntry(key="a", cron=line, job=RecordJob).problem() == ""
