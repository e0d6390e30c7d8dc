from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.engine.models import WorkerCluster
from jobs.engine.templatetags.jobs import (
    age,
    at_most,
    cluster_state,
    list_url,
    memory,
    moments,
    stopwatch,
    time_ago,
)


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


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 seconds"),
        (9.94, "9.9 seconds"),
        (12, "12 seconds"),
        (60, "1 minute"),
        (-1, "0.0 seconds"),
    ],
)
def test_short_spans_are_told_in_seconds(seconds, text):
    assert moments(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("kibibytes", "text"),
    [(None, ""), (0, ""), (57 * 1024, "57 MiB"), (1024 * 1024, "1.0 GiB"), (1500 * 1024, "1.5 GiB")],
)
def test_memory_is_told_in_mebibytes_or_gibibytes(kibibytes, text):
    assert memory(kibibytes) == text


def test_a_count_that_stopped_says_so():
    assert [at_most(number) for number in (0, 1000, 1001)] == ["0", "1000", "1000+"]


def test_a_cluster_is_up_whether_tickets_wait_or_not():
    states = [cluster_state(WorkerCluster(status=status)) for status in ("Idle", "Working", "Stopping")]
    assert states == ["up", "up", "stopping"]


def test_the_address_of_a_filtered_list_is_quoted():
    assert list_url("lock_key", "a&b=#é") == "/jobs?search%5Block_key%5D=a%26b%3D%23%C3%A9"
