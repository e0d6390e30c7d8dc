"""What is kept free or kept back holds, while processes are killed."""

import os
import signal
import time

import pytest

from jobs.engine.models import BackgroundJob, PauseKind
from jobs.engine.pauses import pause, resume
from tests.chaos.counts import settle
from tests.chaos.stream import Stream
from tests.support.clusters import running_cluster
from tests.support.sample_jobs import BulkNoteJob, NoteJob
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def test_bulk_updates_never_take_the_last_worker(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        bulk = BulkNoteJob.enqueue_many([(f"bulk-{n}", 0.7 if n < 3 else 3) for n in range(4)])
        journal.wait_for("bulk-0")
        with Stream(long=0.1) as stream:
            # The worker that takes bulk updates, and the other one.
            first = BackgroundJob.objects.running().get(queue_name="bulk_update").worker_pid
            for pid in cluster.row.worker_pids:
                time.sleep(0.3 if pid == first else 0)
                os.kill(pid, signal.SIGKILL)
            wait_until(cluster.is_whole)
            journal.wait_for("bulk-3", "finished")
        settle(journal, cluster, saved=[*bulk, *stream.saved])
    lines = [(label, what) for _, label, what in journal.lines()]
    last = slice(lines.index(("bulk-3", "started")), lines.index(("bulk-3", "finished")))
    assert any(label.startswith("stream") for label, _ in lines[last]), "the others were held up"
    steps = [(label, what) for _, label, what in journal.lines() if label.startswith("bulk")]
    assert steps.pop(0) == ("bulk-0", "started"), "the run that was killed"
    running = ""
    for label, what in steps:
        assert what == "finished" or not running, f"{label} began while {running} ran"
        running = label if what == "started" else ""


def test_a_bulk_update_goes_to_whichever_worker_is_idle(tmp_path, journal):
    with running_cluster(tmp_path, JOBS_WORKERS="3", JOBS_QUEUE_LIMITS="bulk_update=1") as cluster:
        NoteJob.enqueue_many([(f"long-{n}", 600) for n in range(2)])
        journal.wait_for("long-0")
        journal.wait_for("long-1")
        # Whichever worker that is, it takes one; and the next one, when that has ended.
        BulkNoteJob.enqueue_many([("bulk-0",), ("bulk-1",)])
        journal.wait_for("bulk-1", "finished")
        cluster.signal_group(signal.SIGKILL)
        cluster.wait()
    assert journal.labels() == ["bulk-0", "bulk-1"]


def test_a_queue_that_is_paused_under_load_rests_until_it_is_resumed(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        with Stream(long=0.1) as stream:
            journal.wait_for("stream-20", "finished")
            pause(PauseKind.QUEUE, "default")
            wait_until(lambda: not BackgroundJob.objects.running().exists(), what="what runs to end")
            before = len(journal.lines())
            for pid in cluster.row.worker_pids:
                os.kill(pid, signal.SIGKILL)
            NoteJob.using(queue_name="other").enqueue("other")
            journal.wait_for("other", "finished")
            time.sleep(1.5)
            assert len(journal.lines()) == before + 2
            resume(PauseKind.QUEUE, "default")
            resumed = len(stream.saved)
            journal.wait_for(f"stream-{resumed}", "finished")
        assert settle(journal, cluster, saved=stream.saved).repeated == 0
