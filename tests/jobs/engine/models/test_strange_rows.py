"""Rows of any shape, of any size: no page, program or command breaks on them, and none gets long."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booru.models import Level
from jobs.engine.afterwards import hooks
from jobs.engine.batches import new_batch
from jobs.engine.enqueue.decoding import decode_arguments
from jobs.engine.errors import MissingArgument, UnreadableArguments
from jobs.engine.models import BackgroundJob, JobAttempt, JobBatch
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.factories import UserFactory
from tests.support.keyed_jobs import HookedJob
from tests.support.sample_jobs import RecordJob

pytestmark = pytest.mark.django_db

# As JSON, because Python could not say all of it.
SHAPES = {
    "null args": '{"args": null}',
    "list": "[1]",
    "null": "null",
    "number": "5",
    "text": '"text"',
    "empty": "{}",
    "bad tuple": '{"args": [{"_tuple": 3}]}',
    "bad timedelta": '{"args": [{"_timedelta": [1, "x", 2]}]}',
    "endless timedelta": '{"args": [{"_timedelta": [99999999999999, 0, 0]}]}',
    "bad dict": '{"args": [{"_dict": 5}]}',
    "bad items": '{"args": [{"_items": [[1, 2, 3], "x"]}]}',
    "bad model": '{"args": [{"_model": "a.b.c", "pk": [1]}]}',
    "bad pk": '{"args": [{"_model": "booru.user", "pk": {"x": 1}}]}',
    "bad uuid": '{"args": [{"_uuid": {}}], "kwargs": []}',
    "bad kwargs": '{"args": [], "kwargs": [1]}',
    "bad zone": '{"args": [{"_datetime": "2026-01-01T00:00:00", "_zone": "Nowhere/At-All"}]}',
    "deep": '{"args": [' + "[" * 300 + "]" * 300 + "]}",
    "deeper": '{"args": [' + "[" * 3000 + "]" * 3000 + "]}",
    "deep dicts": '{"a": ' * 400 + "1" + "}" * 400,
    "long number": '{"args": [' + "9" * 6000 + "]}",
    "many numbers": json.dumps({"args": [list(range(200_000))]}),
    "long text": json.dumps({"args": ["x" * 2_000_000]}),
}
# Bytes of a page of one job, and of one in a list.
PAGE, ROW = 100_000, 12_000


def write(job: BackgroundJob, column: str, value: str) -> None:
    """As somebody who knows SQL does it."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE background_jobs SET {column} = %s WHERE id = %s", [value, job.pk])


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(UserFactory(level=Level.ADMIN))
    return client


def run_command(*words: str) -> str:
    out = StringIO()
    call_command("jobs", *words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("column", ["arguments", "context"])
def test_a_job_can_be_looked_at_whatever_its_row_holds(admin: Client, column: str, shape: str) -> None:
    with new_batch("all") as batch:
        job = RecordJob.using(batch=batch).enqueue()
    BackgroundJob.objects.filter(pk=job.pk).update(error="ValueError: no", finished_at="2026-01-01T00:00Z")
    write(job, column, SHAPES[shape])
    for path in ("/jobs", "/jobs.json", "/jobs/processes", f"/jobs/batches/{batch.pk}", "/jobs?limit=1000"):
        answer = admin.get(path)
        assert answer.status_code == 200, path
        assert len(answer.content) < 3 * ROW, path
    for path in (f"/jobs/{job.pk}", f"/jobs/{job.pk}.json"):
        answer = admin.get(path)
        assert answer.status_code == 200, path
        assert len(answer.content) < PAGE, path
    whole = admin.get(f"/jobs/{job.pk}/arguments.json")
    assert whole.status_code == 200
    if column == "arguments":
        assert len(whole.content) >= len(SHAPES[shape])
    assert "ValueError: no" in run_command("list")
    assert len(run_command("list", "--json")) < 3 * ROW
    assert "discarded" in run_command("explain", str(job.pk))


@pytest.mark.parametrize("shape", SHAPES)
def test_such_a_job_can_be_retried_cancelled_and_deleted(admin: Client, shape: str) -> None:
    job = HookedJob.enqueue("value")
    write(job, "arguments", SHAPES[shape])
    assert admin.post(f"/jobs/{job.pk}/cancel").status_code == 302
    hooks.take_care()
    assert admin.post(f"/jobs/{job.pk}/retry").status_code == 302
    job.refresh_from_db()
    assert job.finished_at is None
    assert admin.delete(f"/jobs/{job.pk}.json").status_code == 204


# Of these, a job can be given what is in them.
READABLE = {"empty", "deep", "deep dicts", "many numbers", "long text"}


@pytest.mark.parametrize("shape", sorted(SHAPES.keys() - READABLE))
def test_what_is_no_arguments_is_an_error_that_says_so(shape: str) -> None:
    job = RecordJob.enqueue()
    write(job, "arguments", SHAPES[shape])
    job.refresh_from_db()
    with pytest.raises((UnreadableArguments, MissingArgument), match=r"does not hold arguments|no longer"):
        decode_arguments(job.arguments)


def test_long_arguments_are_shown_as_far_as_there_is_room_with_a_link_to_the_rest(admin: Client) -> None:
    job = RecordJob.enqueue(list(range(200_000)))
    page = admin.get(f"/jobs/{job.pk}").content.decode()
    assert "0, 1, 2, 3, 4" in page
    assert f'href="/jobs/{job.pk}/arguments.json"' in page
    record = admin.get(f"/jobs/{job.pk}.json").json()
    assert record["cut"] == ["arguments"]
    assert record["arguments"].startswith('{"args": [[0, 1, 2')
    assert admin.get(f"/jobs/{job.pk}/arguments.json").json() == {"args": [list(range(200_000))]}
    (listed,) = admin.get("/jobs.json").json()
    assert (listed["arguments"], listed["cut"]) == (None, ["arguments"])
    assert "too long for a list" in admin.get("/jobs").content.decode()


def test_only_admins_get_all_the_arguments() -> None:
    job = RecordJob.enqueue("the secret")
    member = Client()
    member.force_login(UserFactory(level=Level.MEMBER))
    for client in (Client(), member):
        assert client.get(f"/jobs/{job.pk}/arguments.json").status_code == 403


def test_errors_that_were_kept_whole_once_are_shown_in_short(admin: Client) -> None:
    job = RecordJob.enqueue()
    huge = "ValueError: head" + "x" * 3_000_000
    BackgroundJob.objects.filter(pk=job.pk).update(error=huge, finished_at="2026-01-01T00:00Z")
    for number in range(30):
        JobAttempt.objects.create(
            job=job,
            number=number,
            error_class="ValueError",
            message=huge,
            backtrace=huge,
            started_at=job.enqueued_at,
            duration=job.enqueued_at - job.enqueued_at,
        )
    page = admin.get(f"/jobs/{job.pk}")
    assert b"ValueError: head" in page.content
    assert len(page.content) < 3 * PAGE
    assert admin.get(f"/jobs/{job.pk}.json").json()["cut"] == ["error"]
    assert len(admin.get("/jobs").content) < 3 * ROW
    assert len(run_command("explain", str(job.pk))) < ROW


def test_a_page_for_people_has_a_hundred_rows_at_most_one_for_programs_a_thousand(admin: Client) -> None:
    RecordJob.enqueue_many([(number,) for number in range(150)])
    for client in (Client(), admin):
        page = client.get("/jobs?limit=1000").content.decode()
        assert page.count('<td data-label="Name">') == 100
        assert 'rel="next"' in page
        assert len(client.get("/jobs.json?limit=1000").json()) == 150


@pytest.mark.parametrize("path", ["/jobs?limit=100", "/jobs.json?limit=1000"])
def test_no_row_costs_a_statement(admin: Client, path: str) -> None:
    counts = []
    for _ in range(2):
        RecordJob.enqueue_many([(number,) for number in range(40)])
        admin.get(path)
        with CaptureQueriesContext(connection) as queries:
            admin.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_many_and_strange_lock_keys_are_shown_in_short(admin: Client) -> None:
    job = RecordJob.using(lock_keys=[f"key {number}" for number in range(5000)]).enqueue()
    assert len(admin.get(f"/jobs/{job.pk}").content) < PAGE
    assert "lock_keys" in admin.get(f"/jobs/{job.pk}.json").json()["cut"]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_batch_can_be_looked_at_whatever_its_row_holds(admin: Client, shape: str) -> None:
    with new_batch("all") as batch:
        RecordJob.using(batch=batch).enqueue()
    for column in ("callbacks", "properties"):
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE background_job_batches SET {column} = %s", [SHAPES[shape]])
    for path in (
        "/jobs/batches",
        "/jobs/batches.json",
        f"/jobs/batches/{batch.pk}",
        f"/jobs/batches/{batch.pk}.json",
    ):
        answer = admin.get(path)
        assert answer.status_code == 200, path
        assert len(answer.content) < 3 * ROW, path
    perform_enqueued_jobs()
    assert JobBatch.objects.get(pk=batch.pk).finished_at
