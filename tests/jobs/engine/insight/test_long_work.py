"""What people see while something works long."""

import io
import os
import pty
import re
import threading

import pytest

from jobs.engine.insight import long_work as module
from jobs.engine.insight.long_work import is_quiet, long_work, shown_for, shown_on, tell
from tests.support.waiting import wait_until


@pytest.fixture
def hurry(monkeypatch):
    monkeypatch.setattr(module, "LINE_EVERY", 0.01)
    monkeypatch.setattr(module, "_BAR_EVERY", 0.01)


@pytest.fixture
def pipe():
    return io.StringIO()


def test_nothing_is_shown_where_nobody_looks(hurry, capfd):
    with long_work("Posts", 10, "posts") as done:
        done(10)
    assert capfd.readouterr() == ("", "")
    assert "long work" not in [thread.name for thread in threading.enumerate()]


def test_in_a_pipe_lines_tell_how_much_is_done_how_fast_and_what_is_left(hurry, pipe):
    with shown_on(pipe), long_work("Posts", 10, "posts") as done:
        done(2)
        done(3)
        wait_until(lambda: pipe.getvalue().count("\n") > 1)
    line = pipe.getvalue().splitlines()[-1]
    assert re.fullmatch(r"Posts: 50 %, 5 of 10 posts, +[\d.]+ posts/s, \d\d:\d\d left", line), line
    assert "\r" not in pipe.getvalue()


def test_a_single_statement_that_takes_long_is_told_of_too(hurry, pipe):
    with shown_on(pipe), long_work("Counting"):
        wait_until(pipe.getvalue)
    assert re.match(r"Counting: for \d\d:\d\d\n", pipe.getvalue())


def test_without_a_total_the_count_and_the_rate_are_told(hurry, pipe):
    with shown_on(pipe), long_work("Reading", unit="lines") as done:
        done(7)
        wait_until(pipe.getvalue)
    assert re.match(r"Reading: 7 lines, +[\d.]+ lines/s, for \d\d:\d\d\n", pipe.getvalue())


def test_what_is_quick_says_nothing_in_a_pipe(pipe):
    with shown_on(pipe), long_work("Posts", 10, "posts") as done:
        done(10)
    assert pipe.getvalue() == ""


def test_a_terminal_has_a_bar_which_is_gone_afterwards(hurry):
    ours, theirs = pty.openpty()
    shown = b""
    with os.fdopen(theirs, "w") as terminal, shown_on(terminal):
        with long_work("Posts", 10, "posts") as done:
            done(5)
            while b"50%" not in shown:
                shown += os.read(ours, 4096)
        tell("all is done")
        while b"all is done" not in shown:
            shown += os.read(ours, 4096)
    os.close(ours)
    assert re.search(rb"Posts:  50%\|.*\| 5/10 \[\d\d:\d\d<\d\d:\d\d, +[\d.]+ posts/s\]", shown), shown
    # The cursor goes back to the beginning of an emptied line.
    assert re.search(rb"\r +\rall is done", shown), shown


def test_without_tqdm_a_terminal_has_lines(hurry, monkeypatch):
    monkeypatch.setattr(module, "tqdm", None)
    ours, theirs = pty.openpty()
    shown = b""
    with os.fdopen(theirs, "w") as terminal, shown_on(terminal):
        with long_work("Posts", 10, "posts") as done:
            done(5)
            while b"50 %, 5 of 10 posts" not in shown:
                shown += os.read(ours, 4096)
        tell("all is done")
        terminal.flush()
        while b"all is done" not in shown:
            shown += os.read(ours, 4096)
    os.close(ours)


@pytest.mark.parametrize("options", [{"quiet": True}, {"quiet": False, "verbosity": 0}])
def test_quiet_commands_show_nothing(options, hurry, pipe):
    assert is_quiet(options)
    with shown_for(options, pipe), long_work("Posts", 10, "posts"):
        tell("nothing")
    assert pipe.getvalue() == ""
    assert not is_quiet({"quiet": False, "verbosity": 1})
