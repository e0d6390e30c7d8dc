import io
import logging

import pytest
from django.core.management import CommandError, call_command

from jobs import schedule
from jobs.engine.base import Job
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import enqueued_jobs

pytestmark = pytest.mark.django_db


class BrokenJob(Job):
    """Cannot be enqueued."""

    @classmethod
    def unique_key(cls, *args, **kwargs):
        raise LookupError("no key today")


@pytest.fixture
def messages(caplog):
    caplog.set_level(logging.INFO, "booru.maintenance")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "booru.maintenance"]


def maintenance(name):
    out = io.StringIO()
    call_command("maintenance", name, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.parametrize("name", ["hourly", "daily", "weekly"])
def test_a_list_is_enqueued_in_order(name, messages):
    lines = maintenance(name)
    jobs = schedule.LISTS[name]
    rows = enqueued_jobs()
    assert [row.job_class for row in rows] == [job.path() for job in jobs]
    assert messages() == [f"Queueing {job.__name__}" for job in jobs]
    assert lines == [f"Enqueued {job.__name__} {row.pk}" for job, row in zip(jobs, rows, strict=True)]


def test_a_list_may_be_empty():
    assert maintenance("monthly") == ["There is no monthly job"]


def test_a_job_that_cannot_be_enqueued_does_not_stop_the_next(monkeypatch, messages, caplog):
    first, last = schedule.HOURLY[0], schedule.HOURLY[-1]
    monkeypatch.setitem(schedule.LISTS, "hourly", [first, BrokenJob, last])
    with pytest.raises(CommandError, match=r"^Not enqueued, for the reasons in the log: BrokenJob$") as error:
        maintenance("hourly")
    assert error.value.returncode == 1
    assert [row.job_class for row in enqueued_jobs()] == [first.path(), last.path()]
    assert messages() == [
        f"Queueing {first.__name__}",
        "Queueing BrokenJob",
        "Could not enqueue BrokenJob",
        f"Queueing {last.__name__}",
    ]
    assert "LookupError: no key today" in caplog.text


def test_an_unknown_list_is_refused():
    with pytest.raises(CommandError, match="invalid choice: 'yearly'"):
        maintenance("yearly")
    assert not BackgroundJob.objects.exists()
