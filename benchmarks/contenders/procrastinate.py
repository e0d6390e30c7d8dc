"""procrastinate, with its psycopg connector and asynchronous tasks, which it runs fastest."""

import psycopg
from procrastinate import App, PsycopgConnector

from benchmarks.contest import work

# Jobs in the order of their ids: first those for tomorrow, then those done.
FILL = (
    """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at)
    SELECT 'default', 'noop', '{"number": 1}', 'todo', now() + '1 day'::interval + n * '1 second'::interval
    FROM generate_series(1, %(scheduled)s) AS n
    """,
    """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts)
    SELECT 'default', 'noop', '{"number": 1}', 'succeeded', 1 FROM generate_series(1, %(finished)s) AS n
    """,
    # Triggers have added the events of the jobs' beginnings.
    """
    INSERT INTO procrastinate_events (job_id, type, at)
    SELECT id, type, now() - '1 day'::interval
    FROM procrastinate_jobs,
        unnest('{started,succeeded}'::procrastinate_job_event_type[]) AS type
    WHERE status = 'succeeded'
    """,
)

app = App(connector=PsycopgConnector())


async def _noop(number: int) -> None:
    work.noop(number)


async def _tell_time() -> None:
    work.tell_time()


noop = app.task(_noop, name="noop")
tell_time = app.task(_tell_time, name="tell_time")


class Peer:
    tables = ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers")
    newest = "SELECT id FROM procrastinate_jobs ORDER BY id DESC LIMIT 1"
    unfinished = "FROM procrastinate_jobs WHERE id >= %(since)s AND status IN ('todo', 'doing')"
    order = "ORDER BY id"
    first_id = 0

    def __init__(self) -> None:
        app.open()

    def install(self) -> None:
        app.schema_manager.apply_schema()

    def enqueue(self, count: int) -> None:
        for number in range(count):
            noop.defer(number=number)

    def enqueue_many(self, count: int) -> bool:
        noop.batch_defer(*({"number": number} for number in range(count)))
        return True

    def enqueue_together(self, count: int) -> None:
        self.enqueue_many(count)

    def enqueue_clock(self) -> None:
        tell_time.defer()

    def fill(self, finished: int, scheduled: int) -> None:
        with psycopg.connect() as connection:
            for statement in FILL:
                connection.execute(statement, {"finished": finished, "scheduled": scheduled})
