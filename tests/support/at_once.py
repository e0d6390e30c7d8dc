"""Runs things at the same time, each with a database connection of its own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from django.db import connections

from tests.support.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable


def at_once(*tasks: Callable[[], object]) -> list[BaseException | None]:
    """Start the tasks together, wait for all, and return what each of them raised.

    The test needs `django_db(transaction=True)`, because other connections see only what is committed.
    """
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> None:
        try:
            start.wait(PATIENCE)
            task()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        futures = [pool.submit(run, task) for task in tasks]
        return [future.exception(PATIENCE) for future in futures]
