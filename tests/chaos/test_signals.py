"""Other apps' receivers of django-q2's signals raise."""

import pytest

from tests.chaos.counts import settle
from tests.chaos.stream import Stream
from tests.support.clusters import running_cluster

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def test_receivers_that_raise_harm_no_job(tmp_path, journal):
    with running_cluster(tmp_path, CHAOS_APP="tests.chaos.rude.RudeApp") as cluster:
        with Stream() as stream:
            journal.wait_for("stream-30", "finished")
        assert settle(journal, cluster, saved=stream.saved).repeated == 0
