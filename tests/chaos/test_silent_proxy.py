"""Something between the cluster and the database takes what is sent, and passes nothing on."""

import pytest

from jobs.engine.models import BackgroundJob
from tests.chaos.counts import settle
from tests.support.clusters import is_gone, running_cluster
from tests.support.sample_jobs import NoteJob
from tests.support.silent_proxy import silent_proxy
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

IMPATIENT = {"CHAOS_APP": "tests.chaos.rude.ImpatientApp"}


def test_a_worker_that_records_a_result_goes_on_with_another_connection(tmp_path, journal):
    with silent_proxy() as proxy, running_cluster(tmp_path, DATABASE_URL=proxy.url, **IMPATIENT) as cluster:
        job = NoteJob.enqueue("recorded", 2)
        journal.wait_for("recorded")
        job.refresh_from_db()
        proxy.silence(job.worker_pid)
        wait_until(lambda: BackgroundJob.objects.get(pk=job.pk).finished_at, what="the record")
        counts = settle(journal, cluster, saved=[job.pk])
    job.refresh_from_db()
    assert (counts.repeated, job.attempts, job.error) == (0, 1, None)
    assert cluster.log.read_text().count("did not answer for") >= 1


def test_idle_workers_find_another_connection(tmp_path, journal):
    with silent_proxy() as proxy, running_cluster(tmp_path, DATABASE_URL=proxy.url, **IMPATIENT) as cluster:
        saved = NoteJob.enqueue_many([(f"first-{n}", 0.5) for n in range(2)])
        for n in range(2):
            journal.wait_for(f"first-{n}", "finished")
        proxy.silence(*cluster.row.worker_pids)
        saved += NoteJob.enqueue_many([(f"then-{n}",) for n in range(20)])
        assert settle(journal, cluster, saved=saved).repeated == 0


def test_a_sentinel_that_cannot_beat_is_replaced(tmp_path, journal):
    with silent_proxy() as proxy, running_cluster(tmp_path, DATABASE_URL=proxy.url, **IMPATIENT) as cluster:
        before = cluster.row.sentinel_pid
        proxy.silence(before)
        wait_until(lambda: is_gone(before), what="it to be killed")
        wait_until(lambda: cluster.is_up() and cluster.row.sentinel_pid != before, what="another")
        assert settle(journal, cluster).repeated == 0
    assert cluster.log.read_text().count("does not go on, and is killed") >= 1
