"""The sizes of queues."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from jobs.engine.insight.queue_sizes import COUNT_LIMIT, queue_sizes
from jobs.engine.models import BackgroundJob, Hold, PauseKind
from jobs.engine.pauses import pause
from tests.support.sample_jobs import OtherJob, RecordJob

pytestmark = pytest.mark.django_db

# A third is due, a third is scheduled and a third is held, each in a queue of its own.
MANY = """
    INSERT INTO background_jobs (id, job_class, arguments, context, options, queue_name, priority,
        attempts, attempts_before_retry, crashes, labels, announced, held, run_after)
    SELECT gen_random_uuid(), 'a.Job', '{}', '{}', '{}', (ARRAY['due', 'later', 'held'])[n % 3 + 1], n % 2,
        0, 0, 0, '{}', false, CASE n % 3 WHEN 2 THEN 'pause' END,
        statement_timestamp() + n * CASE n % 3 WHEN 1 THEN 1 ELSE -1 END * interval '1 minute'
    FROM generate_series(1, 120000) AS n
"""


def test_queues_are_counted():
    pause(PauseKind.QUEUE, "empty")
    RecordJob.enqueue_many([(n,) for n in range(3)])
    RecordJob.using(run_after=timedelta(hours=1)).enqueue()
    OtherJob.enqueue()
    BackgroundJob.objects.filter(queue_name="other").update(performed_at=F("run_after"))
    BackgroundJob.objects.filter(arguments__args=[0]).update(held=Hold.LOCK)
    BackgroundJob.objects.filter(arguments__args=[1]).update(run_after=F("run_after") - timedelta(minutes=5))
    sizes = {queue.name: queue for queue in queue_sizes()}
    default, other, empty = sizes["default"], sizes["other"], sizes["empty"]
    assert (default.waiting, default.scheduled, default.running) == (3, 1, 0)
    assert default.oldest_wait
    assert timedelta(minutes=5) <= default.oldest_wait < timedelta(minutes=6)
    assert (other.waiting, other.running, other.oldest_wait, other.is_paused) == (0, 1, None, False)
    assert (empty.waiting, empty.is_paused) == (0, True)


def test_counting_stops_where_it_says_enough():
    RecordJob.enqueue_many([(n,) for n in range(COUNT_LIMIT + 50)])
    assert queue_sizes()[0].waiting == COUNT_LIMIT + 1


def test_a_queue_is_one_whatever_the_priorities_of_its_jobs():
    for priority in (-5, 0, 7):
        RecordJob.using(priority=priority).enqueue()
        RecordJob.using(priority=priority, run_after=timedelta(hours=1)).enqueue()
    due = BackgroundJob.objects.queued().filter(priority=7)
    due.update(run_after=F("run_after") - timedelta(minutes=5))
    (size,) = queue_sizes()
    assert (size.name, size.waiting, size.scheduled) == ("default", 3, 3)
    assert size.oldest_wait
    assert size.oldest_wait >= timedelta(minutes=5)


def test_nothing_waits_when_all_is_scheduled_or_finished():
    RecordJob.using(run_after=timedelta(hours=1)).enqueue()
    OtherJob.enqueue().cancel()
    (size,) = queue_sizes()
    assert (size.name, size.waiting, size.scheduled, size.oldest_wait) == ("default", 0, 1, None)


def test_without_jobs_there_is_no_queue():
    assert queue_sizes() == []


def test_of_many_jobs_most_are_not_read():
    with connection.cursor() as cursor:
        cursor.execute(MANY)
        cursor.execute("ANALYZE background_jobs")
        before = _rows_read(cursor)
        sizes = {size.name: size for size in queue_sizes()}
        assert _rows_read(cursor) - before < 40_000
    many = COUNT_LIMIT + 1
    assert (sizes["due"].waiting, sizes["later"].scheduled, sizes["held"].waiting) == (many, many, many)


def _rows_read(cursor) -> int:
    cursor.execute("""
        SELECT pg_stat_get_xact_tuples_returned('background_jobs'::regclass)
            + pg_stat_get_xact_tuples_fetched('background_jobs'::regclass)
            + sum(pg_stat_get_xact_tuples_returned(indexrelid))
        FROM pg_index WHERE indrelid = 'background_jobs'::regclass
    """)
    return int(cursor.fetchone()[0])
