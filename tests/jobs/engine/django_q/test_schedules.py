"""django-q2's own Schedule rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import Schedule

from jobs.engine.django_q import schedules
from jobs.engine.django_q.schedules import enqueue_due
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import enqueued_jobs, perform_enqueued_jobs
from tests.support import sample_jobs

pytestmark = pytest.mark.django_db

DOUBLE = "tests.support.sample_jobs.double"
NOTE = "tests.support.sample_jobs.note"


def schedule(**options):
    due = timezone.now() - timedelta(minutes=1)
    row = Schedule(**{"func": DOUBLE, "args": "21,", "next_run": due, **options})
    return Schedule.objects.bulk_create([row])[0]  # save() would refuse a cron line that never comes


def test_a_schedule_is_enqueued_and_its_next_run_set(calls):
    row = schedule(schedule_type=Schedule.HOURLY, repeats=3, hook=NOTE)
    assert enqueue_due() == 1
    assert enqueue_due() == 0
    perform_enqueued_jobs()
    assert calls == [(42, True)]
    row.refresh_from_db()
    assert row.repeats == 2
    assert row.next_run > timezone.now()


@pytest.mark.parametrize("repeats", [-1, 1])
def test_once_is_once(repeats):
    row = schedule(schedule_type=Schedule.ONCE, repeats=repeats)
    enqueue_due()
    assert enqueue_due() == 0
    assert Schedule.objects.filter(pk=row.pk).exists() is (repeats > 0)
    assert len(enqueued_jobs()) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"schedule_type": Schedule.CRON, "cron": "0 0 31 2 *"},
        {"schedule_type": Schedule.CRON, "cron": "not a cron line"},
        {"args": "open('x')"},
        {"args": "1 +"},
        {"kwargs": "a=print"},
        {"kwargs": "a) or (b"},
        {"schedule_type": "?"},
        {"args": "object()"},
    ],
)
def test_a_bad_row_is_switched_off_and_the_others_go_on(bad):
    row = schedule(**bad)
    schedule(args="1,")
    assert enqueue_due() == 2
    row.refresh_from_db()
    assert row.repeats == 0
    assert [job.arguments["args"] for job in enqueued_jobs()] == [[1]]


@pytest.mark.parametrize("kwargs", ["number=21", "{'number': 21}"])
def test_keyword_arguments_in_both_ways(kwargs):
    schedule(args=None, kwargs=kwargs, hook=NOTE)
    enqueue_due()
    perform_enqueued_jobs()
    assert sample_jobs.calls == [(42, True)]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (Schedule.MINUTES, {"minutes": 1}),
        (Schedule.MINUTES, {"minutes": 7}),
        (Schedule.HOURLY, {}),
        (Schedule.DAILY, {}),
        (Schedule.CRON, {"cron": "* * * * *"}),
    ],
)
def test_what_was_missed_for_years_is_made_up_for_once_and_at_once(monkeypatch, kind, options):
    steps = []
    walk = Schedule.calculate_next_run
    monkeypatch.setattr(
        Schedule, "calculate_next_run", lambda self, at=None: steps.append(1) or walk(self, at)
    )
    then = timezone.now() - timedelta(days=365)
    row = Schedule.objects.create(func="math.sqrt", args="4", schedule_type=kind, next_run=then, **options)
    Schedule.objects.filter(pk=row.pk).update(next_run=then)
    steps.clear()
    assert schedules.enqueue_due() == 1
    row.refresh_from_db()
    assert timezone.now() < row.next_run <= timezone.now() + timedelta(days=1, hours=1)
    assert len(steps) < 400
    assert BackgroundJob.objects.count() == 1
    if kind in {Schedule.MINUTES, Schedule.HOURLY}:
        length = timedelta(minutes=options.get("minutes", 60))
        assert (row.next_run - then) % length == timedelta(0)
