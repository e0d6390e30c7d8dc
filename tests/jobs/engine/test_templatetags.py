from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.engine.templatetags.jobs import age, stopwatch, time_ago


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than a minute"),
        (60, "1 minute"),
        (3599, "59 minutes"),
        (7200, "2 hours"),
        (86400 * 3, "3 days"),
        (86400 * 65, "2 months"),
        (86400 * 800, "2 years"),
    ],
)
def test_ages(seconds, text):
    assert age(timedelta(seconds=seconds)) == text


def test_times_are_elements_with_the_exact_time():
    html = time_ago(timezone.now() - timedelta(hours=2, seconds=5))
    assert html.startswith('<time datetime="')
    assert html.endswith(">2 hours ago</time>")
    assert ">in 1 hour<" in time_ago(timezone.now() + timedelta(hours=1, seconds=5))
    assert time_ago(None) == ""


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(milliseconds=5), "0:00.005"),
        (timedelta(seconds=61.5), "1:01.500"),
        (timedelta(hours=25, seconds=1), "25:00:01.000"),
        (timedelta(seconds=-1), "0:00.000"),
        (None, ""),
    ],
)
def test_durations_read_like_a_stopwatch(span, text):
    assert stopwatch(span) == text
