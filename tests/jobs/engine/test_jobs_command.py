"""`manage.py jobs`: what it shows, what it does, and what it says to bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from jobs.engine.models import BackgroundJob, Hold, JobProgress, Pause, PauseKind, WorkerCluster
from jobs.engine.pauses import pause
from jobs.engine.testing import perform_enqueued_jobs
from tests.support.clusters import ROOT, database_url, running_cluster
from tests.support.keyed_jobs import UniqueJob
from tests.support.sample_jobs import FailingJob, FlakyJob, NoteJob, OtherJob, RecordJob
from tests.support.waiting import PATIENCE, wait_until

NOT_THERE = "01930000-0000-7000-8000-000000000000"


def jobs(*words):
    out = StringIO()
    call_command("jobs", *map(str, words), stdout=out)
    return out.getvalue()


def refused(*words):
    """What it printed, and the lines of the complaint."""
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("jobs", *map(str, words), stdout=out)
    assert caught.value.returncode == 1
    return out.getvalue(), str(caught.value).split("\n")


def cluster(**values):
    usual = {
        "host": "box",
        "pid": 4,
        "sentinel_pid": 5,
        "worker_pids": [6, 7],
        "queue_name": "*",
        "status": "Idle",
        "stat": {"memory": {"5": 20480, "6": 102400}},
        "started_at": timezone.now(),
    }
    return WorkerCluster.objects.create(pk=uuid.uuid4(), **{**usual, **values})


def running(job, **values):
    BackgroundJob.objects.filter(pk=job.pk).update(performed_at=Now(), attempts=1, **values)
    return job


def discarded(*arguments):
    job = FailingJob.enqueue(*arguments)
    perform_enqueued_jobs()
    return job


def status_of(job):
    return BackgroundJob.objects.annotate_status().get(pk=job.pk).status_now


pytestmark = pytest.mark.django_db


class TestStatus:
    def test_it_shows_what_each_worker_does(self):
        started = F("run_after") - timedelta(minutes=5)
        job = RecordJob.enqueue()
        row = cluster()
        running(job, claimed_by=row.pk, worker_pid=6)
        BackgroundJob.objects.filter(pk=job.pk).update(performed_at=started)
        JobProgress.objects.create(job=job, done=1, total=4)
        lines = jobs("status").splitlines()
        assert lines[0].startswith("Cluster box:4 (every queue): up, 120 MiB, heartbeat 0.")
        assert lines[1].split() == ["WORKER", "MEMORY", "FOR", "DOING"]
        assert lines[2].split() == ["6", "100", "MiB", "5", "minutes", "Record", str(job.pk), "25%"]
        assert lines[3].split() == ["7", "-", "-", "idle"]

    def test_it_shows_queues_pauses_and_counts(self):
        cluster()
        RecordJob.enqueue()
        OtherJob.using(run_after=timedelta(hours=1)).enqueue()
        pause(PauseKind.QUEUE, "other")
        pause(PauseKind.JOB_CLASS, FlakyJob.path())
        text = jobs("status")
        default, other = (line.split() for line in text.splitlines() if line.startswith(("default", "other")))
        assert default[:4] == ["default", "1", "0", "0"]
        assert float(default[4]) >= 0
        assert default[5:] == ["seconds", "open"]
        assert other == ["other", "0", "1", "0", "-", "paused"]
        assert f"Paused class: {FlakyJob.path()}\n" in text
        assert text.endswith("0 running, 1 queued, 1 scheduled, 0 discarded\n")

    def test_programs_get_the_same(self):
        row = cluster(queue_name="mail")
        job = running(RecordJob.enqueue(), claimed_by=row.pk, worker_pid=7)
        pause(PauseKind.QUEUE, "other", by="Alice")
        status = json.loads(jobs("status", "--json"))
        assert status["ok"]
        assert status["problem"] is None
        (found,) = status["clusters"]
        assert (found["host"], found["pid"], found["queue_name"]) == ("box", 4, "mail")
        assert found["heartbeat_age"] < 300
        assert [worker["pid"] for worker in found["workers"]] == [6, 7]
        assert found["workers"][0]["memory_kib"] == 102400
        assert found["workers"][1]["jobs"][0]["id"] == str(job.pk)
        assert {queue["name"]: queue["running"] for queue in status["queues"]} == {"default": 1, "other": 0}
        assert status["counts"]["running"] == 1
        assert status["pauses"][0]["paused_by"] == "Alice"

    @pytest.mark.parametrize("values", [None, {"worker_pids": []}, {"beat_at": timedelta(seconds=-30)}])
    def test_it_fails_when_no_worker_is_alive(self, values):
        if values:
            age = values.pop("beat_at", timedelta())
            cluster(**values, beat_at=timezone.now() + age)
        out, problems = refused("status")
        assert "0 running" in out
        assert problems == ["no worker is alive; start one with `manage.py qcluster`"]

    def test_it_fails_when_a_job_waits_too_long(self):
        cluster()
        job = RecordJob.enqueue()
        BackgroundJob.objects.filter(pk=job.pk).update(run_after=Now() - timedelta(seconds=200))
        assert jobs("status")
        _, problems = refused("status", "--max-wait", 100)
        assert problems == ["the oldest job in queue default has waited 3 minutes, longer than 100 seconds"]
        out, _ = refused("status", "--max-wait", 100, "--json")
        assert json.loads(out)["problem"] == problems[0]
        pause(PauseKind.QUEUE, "default")
        assert jobs("status", "--max-wait", 100)

    def test_any_number_of_seconds_is_a_limit(self):
        cluster()
        assert jobs("status", "--max-wait", 10**30)


class TestList:
    def test_the_newest_come_first_in_columns(self):
        first, second = RecordJob.enqueue(), OtherJob.enqueue()
        header, *rows = (line.split() for line in jobs("list").splitlines())
        assert " ".join(header) == "ID STATUS QUEUE PRIORITY ATTEMPTS CREATED RUNTIME NAME DETAIL"
        created = second.enqueued_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert rows[0] == [str(second.pk), "queued", "other", "5", "0", created, "-", "Other"]
        assert rows[1][0] == str(first.pk)

    def test_it_is_narrowed(self):
        failed = discarded()
        other = OtherJob.enqueue()
        waiting = [RecordJob.using(run_after=timedelta(hours=1)).enqueue() for _ in range(3)]

        def found(*words):
            return [record["id"] for record in json.loads(jobs("list", "--json", *words))]

        newest = [str(job.pk) for job in reversed(waiting)]
        assert found("--limit", 2) == newest[:2]
        assert found("--status", "Scheduled") == newest
        assert found("--status", "discarded") == found("--status", "finished") == [str(failed.pk)]
        assert found("--status", "succeeded") == found("--status", "retried") == []
        assert found("--queue", "other") == [str(other.pk)]
        for name in (OtherJob.path(), "OtherJob", "other"):
            assert found("--name", name) == [str(other.pk)]
        assert jobs("list", "--status", "running") == "No jobs.\n"

    def test_the_detail_says_what_matters(self):
        discarded("line\n\x1b[31mtwo " + "x" * 100)
        job = running(RecordJob.enqueue())
        JobProgress.objects.create(job=job, done=1, total=2, text="half of it")
        held = RecordJob.enqueue()
        BackgroundJob.objects.filter(pk=held.pk).update(held=Hold.LOCK)
        OtherJob.enqueue()
        pause(PauseKind.QUEUE, "other")
        text = jobs("list")
        assert [line.rpartition("  ")[2] for line in text.splitlines()[1:]] == [
            "paused",
            "waits for a lock",
            "50% half of it",
            f"[31mtwo {'x' * 31}...",
        ]

    @pytest.mark.parametrize(
        ("words", "problem"),
        [
            (["--status", "lost"], "there is no status lost; there are running, queued, scheduled"),
            (["--queue", "nowhere"], "there is no queue nowhere"),
            (["--queue", ""], "there is no queue "),
            (["--queue", "a\0b"], "there is no queue a"),
            (["--name", "NobodyJob"], "there is no job class NobodyJob"),
            (["--name", "os.path.join"], "os.path.join is not a job class"),
            (["--limit", "0"], "the limit must be at least 1, not 0"),
        ],
    )
    def test_what_does_not_exist_is_said(self, words, problem):
        out, (line,) = refused("list", *words)
        assert out == ""
        assert line.startswith(problem)

    def test_any_limit_will_do(self):
        RecordJob.enqueue()
        assert "Record" in jobs("list", "--limit", 10**30)


class TestActions:
    def test_discarded_jobs_are_retried(self):
        first, second = discarded(), discarded()
        assert jobs("retry", first.pk, first.pk) == f"{first.pk}  Failing: enqueued again\n"
        assert (status_of(first), status_of(second)) == ("queued", "discarded")

    def test_bad_ids_do_not_keep_the_others_from_it(self):
        waiting, failed = RecordJob.enqueue(), discarded()
        BackgroundJob.objects.filter(pk=waiting.pk).update(finished_at=Now())
        out, problems = refused("retry", "5", NOT_THERE, waiting.pk, failed.pk)
        assert out == f"{failed.pk}  Failing: enqueued again\n"
        assert problems == [
            "5 is not the id of a job; ids are UUIDs",
            f"there is no job {NOT_THERE}",
            f"Record {waiting.pk} is succeeded, so it cannot be retried",
        ]

    def test_all_discarded_jobs_are_retried(self):
        job, unique = discarded(), UniqueJob.enqueue(1)
        BackgroundJob.objects.filter(pk=unique.pk).update(finished_at=Now(), error="E: e")
        assert jobs("retry", "--all-discarded", "--name", "FailingJob") == "1 job enqueued again\n"
        assert (status_of(job), status_of(unique)) == ("queued", "discarded")
        assert jobs("retry", "--all-discarded") == "1 job enqueued again\n"
        assert jobs("retry", "--all-discarded") == "There are no such jobs.\n"

    def test_of_all_those_that_cannot_be_retried_are_named(self):
        job, unique = discarded(), UniqueJob.enqueue(1)
        BackgroundJob.objects.filter(pk=unique.pk).update(finished_at=Now(), error="E: e")
        UniqueJob.enqueue(1)
        out, (problem,) = refused("retry", "--all-discarded")
        assert out == "1 job enqueued again\n"
        assert "cannot be retried: another with its key unique:1 is there" in problem
        assert status_of(job) == "queued"

    def test_waiting_jobs_are_cancelled_and_running_ones_asked(self):
        waiting, busy = RecordJob.enqueue(), running(OtherJob.enqueue())
        assert jobs("cancel", waiting.pk, busy.pk) == (
            f"{waiting.pk}  Record: cancelled\n{busy.pk}  Other: asked to stop\n"
        )
        busy.refresh_from_db()
        assert busy.cancel_requested_at
        _, problems = refused("cancel", waiting.pk)
        assert problems == [f"Record {waiting.pk} is discarded, so it cannot be cancelled"]

    def test_a_queue_or_a_class_is_cancelled(self):
        kept, busy, waiting = RecordJob.enqueue(), running(OtherJob.enqueue()), OtherJob.enqueue()
        also = RecordJob.using(queue_name="other").enqueue()
        assert (
            jobs("cancel", "--queue", "other", "--name", "Other") == "1 job asked to stop\n1 job cancelled\n"
        )
        assert (status_of(waiting), status_of(also)) == ("discarded", "queued")
        assert jobs("cancel", "--queue", "other") == "1 job asked to stop\n1 job cancelled\n"
        assert status_of(kept) == "queued"
        assert jobs("cancel", "--name", RecordJob.path()) == "1 job cancelled\n"
        assert status_of(busy) == "running"
        assert refused("cancel", "--queue", "nowhere")[1] == ["there is no queue nowhere"]

    def test_scheduled_jobs_are_run_now(self):
        job, done = RecordJob.using(run_after=timedelta(hours=1)).enqueue(), discarded()
        out, problems = refused("run", job.pk, done.pk)
        assert out == f"{job.pk}  Record: enqueued to run now\n"
        assert problems == [f"Failing {done.pk} is discarded, so it cannot be run now"]
        assert status_of(job) == "queued"

    @pytest.mark.parametrize(
        "words",
        [
            ["retry"],
            ["retry", "--all-discarded", NOT_THERE],
            ["retry", "--name", "RecordJob", NOT_THERE],
            ["retry", "--name", "RecordJob"],
            ["cancel"],
            ["cancel", "--queue", "default", NOT_THERE],
        ],
    )
    def test_what_is_meant_must_be_clear(self, words):
        out, problems = refused(*words)
        assert out == ""
        assert len(problems) == 1


class TestPausing:
    def test_a_queue_is_paused_and_resumed(self):
        assert jobs("pause", "queue", "default") == ("queue default is paused; jobs that run already go on\n")
        assert refused("pause", "queue", "default")[1] == ["queue default is paused already"]
        assert Pause.objects.get().kind == PauseKind.QUEUE
        assert jobs("resume", "queue", "default") == "queue default goes on\n"
        assert refused("resume", "queue", "default")[1] == ["queue default is not paused"]

    @pytest.mark.parametrize("name", [OtherJob.path(), "OtherJob", "other"])
    def test_a_class_is_paused_by_any_of_its_names(self, name):
        OtherJob.enqueue()
        path = OtherJob.path()
        assert jobs("pause", "class", name) == f"class {path} is paused; jobs that run already go on\n"
        assert Pause.objects.get().name == path
        assert BackgroundJob.objects.get().held == Hold.PAUSE
        assert jobs("resume", "class", name) == f"class {path} goes on\n"

    def test_a_class_that_has_no_jobs_is_paused_by_its_path(self):
        jobs("pause", "class", OtherJob.path())
        assert Pause.objects.get().name == OtherJob.path()

    def test_a_queue_of_which_only_finished_jobs_are_left_is_paused(self):
        job = OtherJob.enqueue()
        BackgroundJob.objects.filter(pk=job.pk).update(finished_at=Now())
        jobs("pause", "queue", "other")
        assert Pause.objects.get().name == "other"

    def test_a_class_that_is_not_there_any_more_can_be_paused_and_resumed(self):
        job = RecordJob.enqueue()
        BackgroundJob.objects.filter(pk=job.pk).update(job_class="gone.GoneJob")
        jobs("pause", "class", "gone.GoneJob")
        BackgroundJob.objects.all().delete()
        assert jobs("resume", "class", "GoneJob") == "class gone.GoneJob goes on\n"

    def test_a_name_of_two_classes_says_nothing(self):
        for path in ("a.RecordJob", "b.RecordJob"):
            job = RecordJob.enqueue()
            BackgroundJob.objects.filter(pk=job.pk).update(job_class=path)
        _, problems = refused("pause", "class", "Record")
        assert problems == ["several job classes are called Record; give one of a.RecordJob, b.RecordJob"]

    @pytest.mark.parametrize(
        ("words", "problem"),
        [
            (["queue", "nowhere"], "there is no queue nowhere"),
            (["class", "NobodyJob"], "there is no job class NobodyJob"),
            (["class", "jobs.mail.NobodyJob"], "there is no job class jobs.mail.NobodyJob"),
            (["class", ""], "there is no job class "),
        ],
    )
    @pytest.mark.parametrize("action", ["pause", "resume"])
    def test_what_does_not_exist_cannot_be_paused(self, action, words, problem):
        assert refused(action, *words) == ("", [problem])
        assert not Pause.objects.exists()


class TestExplain:
    def test_a_job_that_waits_says_for_what(self):
        job = RecordJob.enqueue()
        pause(PauseKind.QUEUE, "default", by="Alice")
        out = jobs("explain", job.pk)
        assert out.startswith(f"{job.pk}  Record: its queue default is paused (by Alice since ")
        assert out.count("\n") == 1

    def test_a_job_that_has_finished_says_how(self):
        failed, done = discarded("line\ntwo"), RecordJob.enqueue()
        perform_enqueued_jobs()
        assert jobs("explain", failed.pk) == f"{failed.pk}  Failing: discarded: ValueError: line two\n"
        assert jobs("explain", done.pk) == f"{done.pk}  Record: succeeded\n"

    @pytest.mark.parametrize("text", ["5", NOT_THERE])
    def test_a_bad_id_is_named(self, text):
        out, (problem,) = refused("explain", text)
        assert out == ""
        assert text in problem


class TestPrune:
    def test_old_finished_jobs_are_deleted(self, settings):
        settings.JOBS_RETENTION = timedelta(days=2)
        finished = [RecordJob.enqueue() for _ in range(3)]
        for job, age in zip(finished, [30, 20, 50], strict=True):
            past = Now() - timedelta(hours=age)
            BackgroundJob.objects.filter(pk=job.pk).update(finished_at=past)
        kept = RecordJob.enqueue()
        assert jobs("prune") == "1 job deleted\n"
        assert jobs("prune", "--older-than", "1d") == "1 job deleted\n"
        assert jobs("prune", "--older-than", "21h") == "0 jobs deleted\n"
        assert jobs("prune", "--older-than", "45m") == "1 job deleted\n"
        assert list(BackgroundJob.objects.all()) == [kept]

    @pytest.mark.parametrize("text", ["", "3", "d", "3w", "-3d", "3 d", "1.5h", "9" * 40 + "d", "٣d"])
    def test_a_span_is_a_number_and_a_unit(self, text):
        assert refused("prune", f"--older-than={text}") == (
            "",
            [f"{text} is not a span of time; write 3d, 12h or 45m"],
        )

    def test_the_longest_span_is_understood(self):
        assert jobs("prune", "--older-than", "99999d") == "0 jobs deleted\n"


def manage(*words, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", "jobs", *words],
        check=False,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(), **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@pytest.mark.acceptance
def test_without_a_database_there_is_one_line():
    for words in (["status"], ["retry", NOT_THERE], ["prune"]):
        done = manage(*words, DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("CommandError: the database is away: ")
        assert done.stderr.count("\n") == 1


@pytest.mark.acceptance
@pytest.mark.django_db(transaction=True)
def test_the_status_of_a_real_cluster(tmp_path):
    done = manage("status")
    assert done.returncode == 1
    assert done.stderr == "CommandError: no worker is alive; start one with `manage.py qcluster`\n"
    journal = tmp_path / "journal"
    journal.touch()
    with running_cluster(tmp_path, CHAOS_JOURNAL=str(journal), JOBS_STOP_TIMEOUT="0.1") as cluster:
        wait_until(cluster.is_whole)
        wait_until(lambda: set(map(str, cluster.row.worker_pids)) <= set(cluster.row.stat["memory"]))
        job = NoteJob.enqueue("slow", 600)
        wait_until(lambda: status_of(job) == "running")
        done = manage("status", "--json")
        assert (done.returncode, done.stderr) == (0, "")
        (found,) = json.loads(done.stdout)["clusters"]
        assert found["pid"] == cluster.process.pid
        assert found["heartbeat_age"] < 300
        assert {worker["pid"] for worker in found["workers"]} == set(cluster.row.worker_pids)
        assert all(worker["memory_kib"] > 1000 for worker in found["workers"])
        job.refresh_from_db()
        (busy,) = (worker for worker in found["workers"] if worker["jobs"])
        assert busy["pid"] == job.worker_pid
        assert [doing["id"] for doing in busy["jobs"]] == [str(job.pk)]
        text = manage("status").stdout
        assert f"Note {job.pk}" in text
