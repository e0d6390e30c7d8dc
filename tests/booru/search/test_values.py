from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from booru.search.values import Span, integer_span, moment_span

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("text", ["", "x", "1.5", "--1", "1" * 19, "\u0661", "1 2", "0x1"])
def test_what_is_no_number(text):
    assert integer_span(text) is None


def test_numbers():
    assert integer_span(" -5 ") == Span(-5, -5)
    assert integer_span("+5") == Span(5, 5)


def test_a_day_is_all_of_its_moments():
    start = datetime(2024, 2, 29, tzinfo=UTC)
    assert moment_span("2024-02-29") == Span(start, start + timedelta(days=1) - TICK)
    assert moment_span("2024-2-29") == moment_span("2024-02-29")


def test_a_moment_is_as_long_as_it_is_written():
    start = datetime(2024, 2, 29, 10, 0, 5, tzinfo=UTC)
    assert moment_span("2024-02-29T10:00:05") == Span(start, start + timedelta(seconds=1) - TICK)
    assert moment_span("2024-02-29T11:00:05+01:00") == moment_span("2024-02-29 10:00:05")
    precise = start + timedelta(milliseconds=7)
    assert moment_span("2024-02-29T10:00:05.007Z") == Span(
        precise, precise + timedelta(milliseconds=1) - TICK
    )


@pytest.mark.parametrize(
    ("text", "unit"),
    [("1w", 7), ("1 Week ago", 7), ("1 day", 1), ("1mo", 30), ("1months", 30), ("1y", 365), ("7d", 1)],
)
@time_machine.travel(NOW, tick=False)
def test_ages(text, unit):
    count = 7 if text == "7d" else 1
    last = NOW - timedelta(days=unit * count)
    assert moment_span(text) == Span(last - timedelta(days=unit) + TICK, last, is_age=True)


@time_machine.travel(NOW, tick=False)
def test_minutes_are_no_months():
    assert moment_span("5mi").last == NOW - timedelta(minutes=5)
    assert moment_span("1.5h").last == NOW - timedelta(hours=1.5)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2024-13-01", "2023-02-29", "1 fortnight", "999999y", "0001-01-01T00:00+23:00", "5m"],
)
def test_what_is_no_moment(text):
    assert moment_span(text) is None


@given(st.text(max_size=30) | st.from_regex(r"[0-9.\-:T +ZWymdhsago]{1,30}", fullmatch=True))
def test_no_text_breaks_them(text):
    for span in (integer_span(text), moment_span(text)):
        assert span is None or span.first <= span.last
