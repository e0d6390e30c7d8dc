"""django-q2 with the broker that it brings along for Django's databases."""

from django.core.management import call_command
from django.db import transaction
from django_q.tasks import async_task

NOOP = "benchmarks.work.noop"
CLOCK = "benchmarks.work.tell_time"


class Peer:
    tables = ("django_q_ormq", "django_q_task")
    newest = "SELECT id FROM django_q_ormq ORDER BY id DESC LIMIT 1"
    # The row goes when the result has been saved.
    unfinished = "FROM django_q_ormq WHERE id >= %(since)s"
    order = "ORDER BY id"
    first_id = 0

    def install(self) -> None:
        call_command("migrate", verbosity=0)

    def enqueue(self, count: int) -> None:
        for number in range(count):
            async_task(NOOP, number)

    def enqueue_many(self, count: int) -> bool:  # noqa: ARG002 -- there is none
        return False

    def enqueue_together(self, count: int) -> None:
        with transaction.atomic():
            self.enqueue(count)

    def enqueue_clock(self) -> None:
        with transaction.atomic():
            async_task(CLOCK)

    def fill(self, finished: int, scheduled: int) -> None:
        raise NotImplementedError
