"""Rows that no code of ours would write, beside good ones."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import JSONField, Value
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import Schedule

from jobs.engine.batches import new_batch
from jobs.engine.models import BackgroundJob, JobBatch
from tests.chaos.counts import settle
from tests.chaos.stream import Stream
from tests.support.clusters import running_cluster
from tests.support.sample_jobs import BatchNoteJob, NoteJob
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

PATH = NoteJob.path()
NULL = Value(None, JSONField())
BROKEN = {
    "arguments are a list": {"arguments": [1, 2]},
    "arguments are null": {"arguments": NULL},
    "args is a number": {"arguments": {"args": 5}},
    "kwargs is a list": {"arguments": {"args": [], "kwargs": [1]}},
    "too many arguments": {"arguments": {"args": [1, 2, 3, 4]}},
    "a date that is none": {"arguments": {"args": [{"_datetime": 5}]}},
    "a model that is gone": {"arguments": {"args": [{"_model": "no.such", "pk": 5}]}},
    "a model without a name": {"arguments": {"args": [{"_model": "", "pk": 5}]}},
    "context is a number": {"context": 5},
    "context is null": {"context": NULL},
    "options are a list": {"options": [1]},
    "options are text": {"options": "x"},
    "an unknown class": {"job_class": "no.such.Job"},
    "no class": {"job_class": ""},
    "dots": {"job_class": "..x"},
    "not a class": {"job_class": "tests.support.sample_jobs.double"},
    "a class that cannot be imported": {"job_class": "tests.chaos.broken_on_import.Job"},
    "an unknown class with a bad context": {"job_class": "no.such.Job", "context": 5},
    "an unknown function": {"job_class": "no.such.function", "options": {"args": [{}]}},
}


def test_broken_jobs_are_discarded_and_the_others_run(tmp_path, journal):
    with running_cluster(tmp_path, JOBS_DEPLOY_GRACE="0") as cluster:
        with Stream() as stream:
            rows = [
                BackgroundJob(**{"job_class": PATH, "arguments": {"args": []}, "priority": -5, **values})
                for values in BROKEN.values()
            ]
            for row in rows:
                row.save()
            with suppress(AssertionError):
                wait_until(lambda: not unfinished())
        assert {name for name, row in zip(BROKEN, rows, strict=True) if row.pk in unfinished()} == set()
        assert settle(journal, cluster, saved=stream.saved, discarded=len(rows)).repeated == 0


def unfinished():
    return set(BackgroundJob.objects.unfinished().filter(priority=-5).values_list("pk", flat=True))


def test_a_row_by_sql_with_an_empty_list_of_lock_keys_runs(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO background_jobs (id, job_class, arguments, context, options, queue_name, priority,
                    attempts, attempts_before_retry, crashes, labels, announced, lock_keys)
                VALUES (gen_random_uuid(), %s, '{"args": ["by-sql"]}', '{}', '{}', 'default', 0,
                    0, 0, 0, '{}', false, '{}')
                """,
                [PATH],
            )
        assert settle(journal, cluster).jobs == 2


def test_a_batch_with_a_broken_callback_does_not_hold_up_the_next(tmp_path, journal):
    with new_batch("broken", on_finish=BatchNoteJob) as broken:
        NoteJob.using(batch=broken).enqueue("one")
    JobBatch.objects.filter(pk=broken.pk).update(
        callbacks={"finish": {"job_class": "no.such.Job", "queue_name": "default", "priority": 0}}
    )
    with new_batch("good", on_finish=BatchNoteJob) as good:
        NoteJob.using(batch=good).enqueue("two")
    with running_cluster(tmp_path) as cluster:
        journal.wait_for("batch-good", "finished")
        assert settle(journal, cluster).repeated == 0


def test_a_job_of_the_next_version_waits_for_a_worker_that_has_it(tmp_path, journal):
    paths = {"class": "no.such.Job", "signature": NoteJob.path(), "function": "no.such.function"}
    jobs = {
        what: BackgroundJob.objects.create(
            job_class=path,
            arguments={"args": [what, 0, "too", "many"] if what == "signature" else [what]},
            options={"args": [{}]} if what == "function" else {},
        )
        for what, path in paths.items()
    }
    with running_cluster(tmp_path) as cluster:
        for what, job in jobs.items():
            left = BackgroundJob.objects.filter(pk=job.pk, error__startswith="JobNotHere: ")
            wait_until(left.exists, what=f"the job of an unknown {what} to be left to others")
            job.refresh_from_db()
            assert (job.finished_at, job.attempts - job.attempts_before_retry) == (None, 0)
        # As if one had come that has it.
        for what, job in jobs.items():
            BackgroundJob.objects.filter(pk=job.pk).update(
                job_class=NoteJob.path(), arguments={"args": [what]}, options={}
            )
        assert settle(journal, cluster).repeated == 0
    assert set(journal.labels()) >= set(jobs)


def test_a_bad_schedule_row_stops_only_itself(tmp_path, journal):
    due = timezone.now() - timedelta(seconds=1)
    bad = {
        "never": {"func": "math.sqrt", "schedule_type": Schedule.CRON, "cron": "0 0 31 2 *"},
        "no-python": {"func": "math.sqrt", "args": "oh no("},
        "unknown": {"func": "no.such.function", "repeats": 1},
        "not-a-field": {"func": "math.sqrt", "schedule_type": "?"},
    }
    for name, values in bad.items():
        Schedule.objects.bulk_create([Schedule(**{"name": name, "next_run": due, "args": "4", **values})])
    Schedule.objects.create(
        name="good", func="math.sqrt", args="4", next_run=due, schedule_type=Schedule.HOURLY
    )
    with running_cluster(tmp_path, JOBS_DEPLOY_GRACE="0") as cluster:
        good = BackgroundJob.objects.filter(job_class="math.sqrt", error=None, finished_at__lte=Now())
        wait_until(good.exists, what="the good schedule's job")
        unknown = BackgroundJob.objects.discarded().filter(job_class="no.such.function")
        wait_until(unknown.exists, what="the job of the function that does not exist")
        settle(journal, cluster, discarded=1)
    assert Schedule.objects.get(name="good").next_run > timezone.now()
