"""Errors that are hard to write down: huge, slow, broken, nested."""

from __future__ import annotations

import time
from typing import Any

from jobs.engine.base import Job


class SleepyError(Exception):
    """Takes its time to say what it is, and is deaf to errors while it does."""

    def __str__(self) -> str:
        time.sleep(600)
        return "awake"


class RudeError(Exception):
    """Ends the process when it is asked what it is."""

    def __str__(self) -> str:
        raise SystemExit(5)


class Mute:
    def __repr__(self) -> str:
        raise RuntimeError("no words")


class SelfishText(str):
    """A text that claims to be another."""

    def __str__(self) -> str:
        return self

    def __len__(self) -> int:
        raise ValueError("none of your business")


class SelfishError(Exception):
    def __str__(self) -> str:
        return SelfishText("selfish")


def huge() -> Exception:
    return ValueError("head" + "x" * 5_000_000 + "tail")


def with_huge_cause() -> Exception:
    error = ValueError("short")
    error.__cause__ = huge()
    return error


def with_huge_note() -> Exception:
    error = ValueError("short")
    error.add_note("note" * 1_000_000)
    return error


def many_at_once() -> Exception:
    return ExceptionGroup("several", [huge(), ExceptionGroup("more", [huge(), SleepyError()])])


def with_huge_name() -> Exception:
    error: Exception = type("Long" * 1_000_000 + "Error", (ValueError,), {})("short")
    return error


def chain_of_many() -> Exception:
    error: Exception = ValueError("the last")
    for number in range(300):
        cause = ValueError(f"cause {number} " + "y" * 20_000)
        cause.__cause__ = error
        error = cause
    return error


def sleepy_chain() -> Exception:
    error: Exception = ValueError("short")
    error.__cause__ = SleepyError()
    error.__cause__.__cause__ = SleepyError()
    return error


ERRORS: dict[str, Any] = {
    "huge": huge,
    "huge cause": with_huge_cause,
    "huge note": with_huge_note,
    "huge name": with_huge_name,
    "group": many_at_once,
    "chain": chain_of_many,
    "sleepy": SleepyError,
    "sleepy chain": sleepy_chain,
    "rude": RudeError,
    "mute": lambda: KeyError(Mute()),
    "selfish": SelfishError,
}


class MonstrousJob(Job):
    """Raises the error of that name."""

    def perform(self, name: str) -> None:
        raise ERRORS[name]()


def raise_monster(name: str) -> None:
    """The same as a plain function."""
    raise ERRORS[name]()
