"""Shows people that long work goes on: a bar on a terminal, a line every ten seconds elsewhere.

Whatever works long says so where it works, and need not know who looks:

    with long_work("Posts", total=50_000, unit="posts") as done:
        done(1_000)

It is a bar on a terminal where tqdm is installed, and lines elsewhere.
Nothing is shown unless a command has said where, with `shown_on()` or `shown_for()`; workers and web servers
stay silent. All of it goes to the standard error, what a command finds out to the standard output.
"""

from __future__ import annotations

import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TextIO

try:
    from tqdm import tqdm
except ImportError:  # it comes with the site; other projects need not have it
    tqdm = None

# Takes how many more are done.
Done = Callable[[int], None]

# Seconds between two lines, and between two looks at the clock of a bar.
LINE_EVERY, _BAR_EVERY = 10.0, 1.0
_ONE_STEP = "{desc}: for {elapsed}"

# Where it is shown, and where it was before that; every thread of a command shows it in the same place.
_places: list[TextIO | None] = [None]


def add_quiet(parser: ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="print nothing but what goes wrong")


def is_quiet(options: Mapping[str, Any]) -> bool:
    """By --quiet, or by Django's --verbosity 0."""
    return bool(options.get("quiet")) or options.get("verbosity") == 0


@contextmanager
def shown_for(options: Mapping[str, Any], stderr: Any) -> Iterator[None]:
    """Show it on a command's standard error unless its options say that it be quiet."""
    # Django's wrapper adds a line break to whatever is written.
    with shown_on(None if is_quiet(options) else getattr(stderr, "_out", stderr)):
        yield


@contextmanager
def shown_on(stream: TextIO | None) -> Iterator[None]:
    """Show there what is done in this block; nowhere for None."""
    _places.append(stream)
    try:
        yield
    finally:
        _places.pop()


def tell(line: str) -> None:
    """A line for who looks, such as the end of a step."""
    stream = _places[-1]
    if stream is None:
        return
    if tqdm is None:
        stream.write(f"{line}\n")
    else:
        tqdm.write(line, file=stream)  # above the bars


@contextmanager
def long_work(what: str, total: int | None = None, unit: str = "") -> Iterator[Done]:
    """Gives a function that counts; without a unit, only the time is told."""
    stream = _places[-1]
    if stream is None:
        yield _count_nothing
    elif stream.isatty() and tqdm is not None:
        with _bar(stream, what, total, unit) as done:
            yield done
    else:
        with _lines(stream, what, total, unit) as done:
            yield done


def _count_nothing(_number: int) -> None:
    pass


@contextmanager
def _bar(stream: TextIO, what: str, total: int | None, unit: str) -> Iterator[Done]:
    tqdm.monitor_interval = 0  # our own thread moves the clock
    form = None if unit else _ONE_STEP
    with (
        tqdm(desc=what, total=total, unit=f" {unit}", file=stream, leave=False, bar_format=form) as bar,
        _repeated(_BAR_EVERY, bar.refresh),
    ):
        yield lambda number: _moved(bar, number)


def _moved(bar: tqdm[Any], number: int) -> None:
    bar.update(number)


@contextmanager
def _lines(stream: TextIO, what: str, total: int | None, unit: str) -> Iterator[Done]:
    count, started = 0, time.monotonic()

    def done(number: int) -> None:
        nonlocal count
        count += number

    def tell() -> None:
        stream.write(f"{what}: {_how_far(count, total, unit, time.monotonic() - started)}\n")
        stream.flush()

    with _repeated(LINE_EVERY, tell):
        yield done


def _how_far(count: int, total: int | None, unit: str, seconds: float) -> str:
    if not unit:
        return f"for {_clock(seconds)}"
    rate = count / seconds if seconds else 0.0
    if not total:
        return f"{count} {unit}, {rate:.2f} {unit}/s, for {_clock(seconds)}"
    left = _clock((total - count) / rate) if rate else "?"
    return f"{100 * count / total:.0f} %, {count} of {total} {unit}, {rate:.2f} {unit}/s, {left} left"


def _clock(seconds: float) -> str:
    """04:05, from an hour on 1:04:05."""
    return str(timedelta(seconds=max(0, int(seconds)))).removeprefix("0:")


@contextmanager
def _repeated(seconds: float, action: Callable[[], object]) -> Iterator[None]:
    """Do it again and again until the end of the block, which one statement may make long."""
    over = threading.Event()

    def repeat() -> None:
        while not over.wait(seconds):
            action()

    thread = threading.Thread(target=repeat, name="long work", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
