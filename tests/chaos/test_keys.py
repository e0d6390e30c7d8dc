"""Lock keys, unique keys and batches, while processes are killed."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from uuid import UUID

import psycopg
import pytest

from jobs.engine.batches import new_batch
from jobs.engine.models import BackgroundJob
from tests.chaos.counts import settle
from tests.support.clusters import ROOT, all_finished, database_url, running_cluster
from tests.support.sample_jobs import BatchNoteJob, KeyedNoteJob, NoteJob
from tests.support.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

KEYS = 3


def test_jobs_of_a_lock_key_run_one_at_a_time_and_in_order(tmp_path, journal):
    with running_cluster(tmp_path) as one, running_cluster(tmp_path) as two:
        saved = [KeyedNoteJob.enqueue(f"{n % KEYS}-{n:03}", 0.05).pk for n in range(60 * KEYS)]
        for blow in range(6):
            time.sleep(0.4)
            pids = (one if blow % 2 else two).row.worker_pids
            # One of before may be gone already.
            with suppress(ProcessLookupError):
                os.kill(random.choice(pids), signal.SIGKILL)
        settle(journal, one, two, saved=saved)
    crashed = {str(row.arguments["args"][0]) for row in BackgroundJob.objects.filter(crashes=3)}
    for key in range(KEYS):
        assert journal.out_of_turn(f"{key}-", crashed) == []


def test_a_unique_key_has_one_job_at_a_time_whoever_enqueues(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        environment = {**os.environ, "DATABASE_URL": database_url()}
        command = [sys.executable, "-m", "tests.chaos.enqueue_unique"]
        clients = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        answers = [client.communicate(timeout=PATIENCE)[0].split() for client in clients]
        assert [client.returncode for client in clients] == [0] * len(clients)
        saved = {UUID(pk) for answer in answers for pk in answer}
        assert {len(answer) for answer in answers} == {150}
        wait_until(all_finished)
        assert settle(journal, cluster, saved=saved).repeated == 0
    running = set()
    for _, label, what in journal.lines():
        assert (label in running) == (what == "finished")
        running ^= {label}


def test_a_batch_whose_last_worker_is_killed_is_finished_once(tmp_path, journal):
    with running_cluster(tmp_path) as one, running_cluster(tmp_path) as two:
        with new_batch("killed", on_finish=BatchNoteJob) as batch:
            NoteJob.using(batch=batch).enqueue_many([(f"short-{n}",) for n in range(20)])
            last = NoteJob.using(batch=batch).enqueue("last", 1)
        journal.wait_for("last")
        wait_until(lambda: BackgroundJob.objects.unfinished().count() == 1, what="the others to finish")
        last.refresh_from_db()
        os.kill(last.worker_pid, signal.SIGKILL)
        journal.wait_for("batch-killed", "finished")
        batch.refresh_from_db()
        assert batch.finished_at
        assert settle(journal, one, two).repeated == 1
    assert journal.labels().count("batch-killed") == 1
    assert BackgroundJob.objects.filter(job_class=BatchNoteJob.path()).count() == 1


def test_a_transaction_that_ends_a_job_and_stays_open_stops_only_its_key(tmp_path, journal):
    KeyedNoteJob.enqueue("key-first", 1)
    ended = KeyedNoteJob.enqueue("key-second")
    behind = [KeyedNoteJob.enqueue(f"key-third-{n}").pk for n in range(3)]
    with psycopg.connect(database_url()) as other, running_cluster(tmp_path) as cluster:
        journal.wait_for("key-first")
        other.execute(
            "UPDATE background_jobs SET finished_at = now(), error = %s WHERE id = %s",
            ["JobCanceled: by hand", ended.pk],
        )
        saved = NoteJob.enqueue_many([(f"unrelated-{n}",) for n in range(20)])
        for label in ("key-first", "unrelated-19"):
            journal.wait_for(label, "finished")
        behind.append(KeyedNoteJob.enqueue("key-fourth").pk)
        NoteJob.enqueue("last")
        journal.wait_for("last", "finished")
        assert "key-third-0" not in journal.labels("started")
        other.commit()
        assert settle(journal, cluster, saved=[*saved, *behind], discarded=1).repeated == 0
    assert "away" not in cluster.log.read_text()
