"""Web servers that perform the jobs themselves, JOBS_MODE "async", on a bad night."""

import os
import signal
import time
from contextlib import contextmanager
from threading import Event

import pytest
from django.db import connection

from jobs.engine.batches import new_batch
from jobs.engine.models import BackgroundJob, JobAttempt, WorkerCluster
from mailers.models import SentMail
from mailers.user_mailer import UserMailer
from tests.chaos.counts import Counts
from tests.chaos.own_server import crash, end, own_server
from tests.chaos.spoiling_jobs import OF_THE_PROCESS, SPOILS, SessionNoteJob, SpoilNoteJob
from tests.chaos.stream import Stream
from tests.chaos.test_mail import copies
from tests.support.clusters import all_finished
from tests.support.factories import UserFactory
from tests.support.sample_jobs import BatchNoteJob, KeyedNoteJob, NoteJob
from tests.support.unruly_server import unruly_server
from tests.support.waiting import PATIENCE, wait_until
from tests.support.web_servers import free_port, get, server

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


class Web:
    """Gunicorn with one process, which it starts again whenever that dies."""

    def __init__(self, process, port, log):
        self.process, self.port, self.log = process, port, log

    @property
    def pid(self):
        return WorkerCluster.objects.latest("started_at").pid

    def wake(self):
        """Its process starts its threads at the first request."""
        before = WorkerCluster.objects.count()
        get(self.port)
        wait_until(lambda: WorkerCluster.objects.count() > before, what="the threads to beat")


@contextmanager
def web(folder, **environment):
    port = free_port()
    gunicorn = ["-m", "gunicorn", "booru.wsgi", "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    with server(folder, *gunicorn, **environment) as process:
        it = Web(process, port, folder / "server.log")
        it.wake()
        yield it


def settle(journal, saved, discarded=0):
    wait_until(all_finished, what="all jobs to finish")
    counts = Counts.take(journal, saved)
    counts.check(discarded)
    return counts


def test_kills_with_many_jobs_in_flight_lose_none(tmp_path, journal):
    with web(tmp_path, JOBS_ASYNC_THREADS="8") as it:
        with new_batch("killed", on_success=BatchNoteJob) as batch:
            saved = NoteJob.using(batch=batch).enqueue_many([(f"batch-{n}", 0.3) for n in range(40)])
        saved += [KeyedNoteJob.enqueue(f"key{n % 3}-{n:03}", 0.05).pk for n in range(60)]
        for _ in range(2):
            wait_until(lambda: BackgroundJob.objects.running().count() >= 8)
            os.kill(it.pid, signal.SIGKILL)
            it.wake()
        counts = settle(journal, saved)
        journal.wait_for("batch-killed")  # its batch may be settled a moment after its last job
    assert counts.repeated == counts.explained >= 8
    assert not BackgroundJob.objects.filter(crashes__gt=0).exists(), "the process died, not a job"
    assert journal.labels().count("batch-killed") == 1
    for key in range(3):
        assert journal.out_of_turn(f"key{key}") == []


def test_a_stop_puts_back_what_runs(tmp_path, journal):
    with web(tmp_path, JOBS_ASYNC_THREADS="4", JOBS_STOP_TIMEOUT="0.5") as it:
        saved = NoteJob.enqueue_many([(f"stopped-{n}", 6) for n in range(4)])
        journal.wait_for("stopped-3")
        it.process.send_signal(signal.SIGTERM)
        it.process.wait(PATIENCE)
    assert BackgroundJob.objects.unfinished().count() == 4
    assert not BackgroundJob.objects.running().exists()
    with web(tmp_path, JOBS_ASYNC_THREADS="4"):
        settle(journal, saved)
    assert set(BackgroundJob.objects.values_list("attempts", "crashes", "attempts_before_retry")) == {
        (2, 0, 1)
    }


def test_whatever_becomes_of_the_database_nothing_is_lost_and_an_email_sent_once(tmp_path, journal):
    with own_server() as database, unruly_server() as mail:
        reached, restarted = Event(), Event()

        def hold_the_third(step):
            if step == "message" and len(mail.messages) == 3:
                reached.set()
                restarted.wait(60)

        mail.before_answer = hold_the_third
        url = f"smtp://127.0.0.1:{mail.port}?read_timeout=60"
        with web(tmp_path, JOBS_ASYNC_THREADS="3", DANBOORU_MAIL_DELIVERY_URL=url):
            users = [UserFactory(with_email=True) for _ in range(5)]
            jobs = [UserMailer().welcome_user(user).deliver_later() for user in users]
            assert reached.wait(PATIENCE)
            with Stream() as stream:
                long = NoteJob.enqueue("long", 3)
                journal.wait_for("long")
                end(database, signal.SIGINT)
                # Longer than a dead cluster is given.
                time.sleep(11)
                database.start()
                wait_until(lambda: len(stream.saved) > 3)
                crash(database)
                restarted.set()
                seen = len(stream.saved)
                wait_until(lambda: len(stream.saved) > seen + 10)
            connection.close()
            counts = settle(journal, [*stream.saved, long.pk])
        assert counts.repeated == 0
        assert copies(mail.messages) == {f"<{job.pk}@localhost>": 1 for job in jobs}
        assert set(SentMail.objects.values_list("status", flat=True)) == {"sent"}
        assert not JobAttempt.objects.exists()


def test_what_a_job_leaves_behind_reaches_neither_its_record_nor_the_next_job(tmp_path, journal):
    spoils = [spoil for spoil in SPOILS if spoil not in OF_THE_PROCESS]
    for spoil in spoils:
        SpoilNoteJob.enqueue(spoil)
        SessionNoteJob.enqueue(f"after-{spoil}")
    with web(tmp_path, JOBS_ASYNC_THREADS="1"):
        wait_until(all_finished)
    errors = BackgroundJob.objects.filter(error__isnull=False).values_list("arguments__args__0", "error")
    assert dict(errors) == {
        "generator": "GeneratorExit: of the job",
        "ctrl-c": "KeyboardInterrupt: of the job",
    }
    assert set(journal.runs().values()) == {1}
