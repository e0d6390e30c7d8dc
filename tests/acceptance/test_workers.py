"""A real cluster works off what a transaction leaves in the table."""

import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs.engine.models import BackgroundJob, JobStatus
from tests.support.clusters import all_finished, running_cluster
from tests.support.sample_jobs import EndlessJob, FailingJob, FlakyJob, LastingJob, OtherJob, RecordJob
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]


def test_jobs_go_through_their_states(tmp_path):
    with running_cluster(tmp_path):
        record, failing, flaky, endless = (
            job.enqueue() for job in (RecordJob, FailingJob, FlakyJob, EndlessJob)
        )
        wait_until(all_finished)
        status = dict(BackgroundJob.objects.annotate_status().values_list("pk", "status_now"))
        assert status == {
            record.pk: JobStatus.SUCCEEDED,
            failing.pk: JobStatus.DISCARDED,
            flaky.pk: JobStatus.SUCCEEDED,
            endless.pk: JobStatus.DISCARDED,
        }


def test_an_idle_worker_picks_up_at_once_and_never_before_commit(tmp_path):
    with running_cluster(tmp_path):
        with transaction.atomic():
            job = RecordJob.enqueue()
            time.sleep(1.5)
            committed_after = timezone.now()
        wait_until(all_finished)
        job.refresh_from_db()
        assert job.performed_at > committed_after


def test_a_named_cluster_works_its_queue_only(tmp_path):
    other, default = OtherJob.enqueue(), RecordJob.enqueue()
    with running_cluster(tmp_path, Q_CLUSTER_NAME="other"):
        wait_until(lambda: BackgroundJob.objects.finished().exists())
        time.sleep(1.5)
        assert list(BackgroundJob.objects.finished()) == [other]
        assert list(BackgroundJob.objects.queued()) == [default]


def test_many_jobs_of_one_transaction_all_run(tmp_path):
    with transaction.atomic():
        for n in range(2000):
            RecordJob.enqueue(n)
    with running_cluster(tmp_path):
        wait_until(all_finished)
    assert BackgroundJob.objects.filter(attempts=1, error__isnull=True).count() == 2000


def test_no_transaction_stays_open_while_a_job_runs(tmp_path):
    with running_cluster(tmp_path, JOBS_STOP_TIMEOUT="1"):
        LastingJob.enqueue()
        wait_until(lambda: BackgroundJob.objects.running().exists())
        # Others have one for a moment; one that stayed open would still be there.
        wait_until(lambda: not _idle_in_transaction(), what="no transaction to be open")
        assert BackgroundJob.objects.running().exists()


def _idle_in_transaction():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state FROM pg_stat_activity WHERE datname = current_database()"
            " AND state LIKE 'idle in transaction%%'"
        )
        return cursor.fetchall()
