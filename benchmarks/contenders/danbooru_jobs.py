"""This project's engine."""

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.contest import work
from jobs.engine.base import Job

# Nothing but the benchmark's jobs shall run.
SCHEDULE: tuple[object, ...] = ()

# A job of this engine many times over, with ids that are UUIDs of version 7 from 30 days ago on.
FILL = """
    INSERT INTO background_jobs
    SELECT old.*
    FROM generate_series(1, %(finished)s + %(scheduled)s) AS n,
        LATERAL (SELECT now() - '30 days'::interval + n * '1 second'::interval AS at) AS time,
        background_jobs AS job,
        jsonb_populate_record(
            job,
            CASE WHEN n <= %(scheduled)s
                THEN jsonb_build_object('run_after', now() + '1 day'::interval + n * '1 second'::interval)
                ELSE jsonb_build_object('attempts', 1, 'run_after', at, 'performed_at', at, 'finished_at', at)
            END || jsonb_build_object('enqueued_at', at, 'updated_at', at, 'id',
                lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0')
                || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))
        ) AS old
    WHERE job.id = %(job)s
"""


class NoopJob(Job):
    def perform(self, number: int) -> None:
        work.noop(number)


class ClockJob(Job):
    def perform(self) -> None:
        work.tell_time()


class Peer:
    tables = ("background_jobs", "background_job_attempts")
    newest = "SELECT id FROM background_jobs ORDER BY id DESC LIMIT 1"
    unfinished = "FROM background_jobs WHERE id >= %(since)s AND finished_at IS NULL"
    order = "ORDER BY id"
    first_id = "00000000-0000-0000-0000-000000000000"

    def install(self) -> None:
        call_command("migrate", verbosity=0)

    def enqueue(self, count: int) -> None:
        for number in range(count):
            NoopJob.enqueue(number)

    def enqueue_many(self, count: int) -> bool:
        NoopJob.enqueue_many((number,) for number in range(count))
        return True

    def enqueue_together(self, count: int) -> None:
        self.enqueue_many(count)

    def enqueue_clock(self) -> None:
        with transaction.atomic():
            ClockJob.enqueue()

    def fill(self, finished: int, scheduled: int) -> None:
        job = NoopJob.enqueue(0)
        with connection.cursor() as cursor:
            cursor.execute(FILL, {"job": job.pk, "finished": finished, "scheduled": scheduled})
        job.delete()
