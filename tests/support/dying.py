"""Lets a test die at any of its statements, as a killed worker does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK")


class Died(Exception):
    """The worker was killed."""


class Death:
    """Raises in place of the n-th statement; for `connection.execute_wrapper`."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if not str(sql).startswith(_NOT_COUNTED):
            self.left -= 1
            if self.left == 0:
                raise Died
        return execute(sql, *args)
