"""Jobs that end in ways that no job should."""

import pytest

from tests.chaos.counts import settle
from tests.chaos.stream import Stream
from tests.support.clusters import running_cluster
from tests.support.sample_jobs import (
    CancelledNoteJob,
    DeafNoteJob,
    LockedUpNoteJob,
    MisruledNoteJob,
    OpenTransactionNoteJob,
    QueryNoteJob,
)
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def test_jobs_past_their_limit_are_ended_from_outside(tmp_path, journal):
    with running_cluster(tmp_path, JOBS_WORKERS="4") as cluster:
        with Stream() as stream:
            stuck = [
                job_class.using(priority=-10).enqueue(job_class.__name__, 60)
                for job_class in (DeafNoteJob, LockedUpNoteJob, QueryNoteJob)
            ]
            ids = [job.pk for job in stuck]
            wait_until(lambda: len(ids) == sum(pk in journal.runs() for pk in ids), what="all to start")
            before = len(journal.labels())
            wait_until(lambda: all_finished(stuck), what="the stuck jobs to be ended")
            assert len(journal.labels()) > before, "the others were held up"
        assert settle(journal, cluster, saved=stream.saved, discarded=3).repeated == 0
        for job in stuck:
            assert job.error.startswith("JobTimeout: "), job.error


def test_jobs_that_leave_a_transaction_open_fail_and_harm_no_other(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        with Stream() as stream:
            unruly = [OpenTransactionNoteJob.enqueue("open", way) for way in (0, 1, 2)]
            wait_until(lambda: all_finished(unruly))
        assert settle(journal, cluster, saved=stream.saved, discarded=3).repeated == 0
        for job in unruly:
            assert job.error.startswith("OpenTransaction: "), job.error


def test_jobs_with_the_strangest_errors_are_discarded(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        with Stream() as stream:
            misruled = MisruledNoteJob.enqueue("misruled")
            cancelled = CancelledNoteJob.enqueue("cancelled")
            wait_until(lambda: all_finished([misruled, cancelled]))
        assert settle(journal, cluster, saved=stream.saved, discarded=2).repeated == 0
        assert misruled.error.startswith("BrokenError: "), misruled.error
        assert cancelled.error.startswith("CancelledError: "), cancelled.error


def all_finished(jobs):
    for job in jobs:
        job.refresh_from_db()
    return all(job.finished_at for job in jobs)
