"""A script performs its jobs itself while clusters run."""

import os

import pytest
from django.db import transaction

from jobs.engine.models import BackgroundJob, WorkerCluster
from jobs.engine.testing import job_mode
from tests.chaos.counts import settle
from tests.support.clusters import running_cluster
from tests.support.sample_jobs import BrokenNoteJob, NoteJob

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def test_jobs_of_a_script_run_once_and_in_the_script(tmp_path, journal):
    with running_cluster(tmp_path) as cluster:
        with job_mode("inline"):
            # Longer than a dead cluster is given.
            jobs = [NoteJob.enqueue("long", 13)]
            jobs += [NoteJob.enqueue(f"short-{n}") for n in range(30)]
            with transaction.atomic():
                jobs.append(NoteJob.enqueue("in-a-transaction"))
            with pytest.raises(ValueError, match="it is broken"):
                BrokenNoteJob.enqueue("broken")
        assert {job.worker_pid for job in jobs} == {os.getpid()}
        assert BackgroundJob.objects.filter(worker_pid=os.getpid()).count() == len(jobs) + 1
        assert WorkerCluster.objects.count() == 1, "the heart beats no longer than needed"
        counts = settle(journal, cluster, saved=[job.pk for job in jobs], discarded=1)
        assert counts.repeated == 0
