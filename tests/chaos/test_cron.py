"""Many clusters look after one schedule."""

import signal
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.engine.models import BackgroundJob, CronState
from tests.chaos.counts import settle
from tests.chaos.schedule import KEY
from tests.support.clusters import starting_cluster
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("count", [2, 20])
def test_each_tick_is_enqueued_once_however_many_clusters_start(tmp_path, journal, count):
    started = timezone.now()
    CronState.objects.create(key=KEY, last_tick_at=started - timedelta(minutes=5))
    with ExitStack() as stack:
        clusters = [
            stack.enter_context(
                starting_cluster(tmp_path, JOBS_WORKERS="1", CHAOS_SCHEDULE="tests.chaos.schedule.SCHEDULE")
            )
            for _ in range(count)
        ]
        for cluster in clusters:
            wait_until(cluster.is_up, what="the cluster to start")
        journal.wait_for("note", "finished")
        for cluster in clusters[2:]:
            cluster.signal_group(signal.SIGKILL)
        settle(journal, *clusters[:2])
    ticks = list(BackgroundJob.objects.filter(cron_key=KEY).values_list("cron_at", flat=True))
    # The five that were missed are made up for once; minutes may have begun meanwhile.
    assert 1 <= len(ticks) <= 2 + (timezone.now() - started) // timedelta(minutes=1)
    assert len(set(ticks)) == len(ticks)
