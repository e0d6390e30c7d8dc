"""What jobs leave behind in their worker does not reach the next job."""

import pytest
from django.db import connection

from jobs.engine.models import BackgroundJob
from tests.chaos.counts import settle
from tests.chaos.spoiling_jobs import RAISE, SPOILS, BlindingNoteJob, LookNoteJob, SpoilNoteJob
from tests.chaos.stream import Stream
from tests.support.clusters import all_finished, running_cluster, wait_until
from tests.support.sample_jobs import BrokenNoteJob, NoteJob

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def test_after_each_job_its_worker_is_as_before(tmp_path, journal):
    for spoil in SPOILS:
        SpoilNoteJob.enqueue(spoil)
        LookNoteJob.enqueue(f"after-{spoil}")
    with running_cluster(tmp_path, JOBS_WORKERS="1") as cluster:
        pids = cluster.row.worker_pids
        wait_until(all_finished, 60)
        errors = dict(
            BackgroundJob.objects.filter(error__isnull=False).values_list("arguments__args__0", "error")
        )
        assert errors == {
            "generator": "GeneratorExit: of the job",
            "ctrl-c": "KeyboardInterrupt: of the job",
        }
        assert not BackgroundJob.objects.filter(attempts__gt=1).exists()
        assert cluster.row.worker_pids == pids, "one worker did it all"
        assert settle(journal, cluster, discarded=len(RAISE)).repeated == 0
    assert set(journal.runs().values()) == {1}


def test_a_worker_that_cannot_read_what_it_claims_leaves_and_no_job_suffers(tmp_path, journal):
    saved = [BlindingNoteJob.enqueue("blinding").pk]
    saved += NoteJob.enqueue_many([(f"innocent-{n}",) for n in range(50)])
    with running_cluster(tmp_path) as cluster:
        assert settle(journal, cluster, saved=saved).repeated == 0
    assert not BackgroundJob.objects.filter(crashes__gt=0).exists()
    assert "A fault of the engine's own" in cluster.log.read_text()


def test_a_changed_table_costs_a_connection_and_a_line(tmp_path, journal):
    try:
        with running_cluster(tmp_path) as cluster:
            with Stream() as stream:
                journal.wait_for("stream-20", "finished")
                alter("varchar(500)")
                seen = len(stream.saved)
                journal.wait_for(f"stream-{seen + 30}", "finished")
            assert settle(journal, cluster, saved=stream.saved).repeated == 0
    finally:
        alter("text")
    log = cluster.log.read_text()
    assert 1 <= log.count("cached plan must not change result type") <= 6, "one a process, at most"
    assert "taken over" not in log


def alter(kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE background_jobs ALTER COLUMN cron_key TYPE {kind}")


def test_a_log_that_cannot_be_written_harms_no_job(tmp_path, journal):
    with running_cluster(tmp_path, CHAOS_APP="tests.chaos.rude.MuteApp") as cluster:
        with Stream() as stream:
            broken = [BrokenNoteJob.enqueue("broken") for _ in range(5)]
            journal.wait_for("stream-30", "finished")
        assert settle(journal, cluster, saved=stream.saved, discarded=5).repeated == 0
    for job in broken:
        job.refresh_from_db()
        assert (job.error, job.attempts) == ("ValueError: it is broken", 1)
