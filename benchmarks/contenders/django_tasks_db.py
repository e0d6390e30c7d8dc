"""django-tasks-db, the database backend for Django's own tasks."""

from importlib import import_module
from importlib.util import find_spec

from django.core.management import call_command
from django.db import transaction

from benchmarks.contest import work

# Django has tasks of its own from 6.0 on.
task = import_module("django.tasks" if find_spec("django.tasks") else "django_tasks").task


@task  # type: ignore[untyped-decorator]
def noop(number: int) -> None:
    work.noop(number)


@task  # type: ignore[untyped-decorator]
def tell_time() -> None:
    work.tell_time()


class Peer:
    tables = ("django_tasks_database_dbtaskresult",)
    newest = "SELECT id FROM django_tasks_database_dbtaskresult LIMIT 1"
    # Its ids have no order.
    unfinished = (
        "FROM django_tasks_database_dbtaskresult"
        " WHERE status IN ('READY', 'RUNNING') AND %(since)s::text IS NOT NULL"
    )
    order = ""
    first_id = "00000000-0000-0000-0000-000000000000"

    def install(self) -> None:
        call_command("migrate", verbosity=0)

    def enqueue(self, count: int) -> None:
        for number in range(count):
            noop.enqueue(number)

    def enqueue_many(self, count: int) -> bool:  # noqa: ARG002 -- there is none
        return False

    def enqueue_together(self, count: int) -> None:
        with transaction.atomic():
            self.enqueue(count)

    def enqueue_clock(self) -> None:
        with transaction.atomic():
            tell_time.enqueue()

    def fill(self, finished: int, scheduled: int) -> None:
        raise NotImplementedError
