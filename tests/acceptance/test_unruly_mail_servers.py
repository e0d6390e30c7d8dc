"""A real worker and a mail server that fails: the email arrives once, and its record says so."""

from datetime import timedelta

import pytest

from jobs.engine.models import BackgroundJob, JobAttempt
from mailers.models import SentMail
from mailers.user_mailer import UserMailer
from tests.support.clusters import all_finished, running_cluster
from tests.support.factories import UserFactory
from tests.support.unruly_server import Fault, unruly_server
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]


def test_an_email_that_a_server_drops_arrives_after_three_seconds(tmp_path):
    with unruly_server(Fault("RCPT", "reset")) as server:
        url = f"smtp://127.0.0.1:{server.port}?read_timeout=60"
        with running_cluster(tmp_path, DANBOORU_MAIL_DELIVERY_URL=url):
            job = UserMailer().welcome_user(UserFactory(with_email=True)).deliver_later()
            wait_until(all_finished, what="the email")
    assert len(server.messages) == 1
    assert f"Message-ID: <{job.pk}@".encode() in server.messages[0]
    (attempt,) = JobAttempt.objects.all()
    assert attempt.error_class in {"ConnectionResetError", "SMTPServerDisconnected"}
    done = BackgroundJob.objects.get()
    assert (done.attempts, done.error) == (2, None)
    assert done.finished_at - attempt.started_at > timedelta(seconds=2.9)
    record = SentMail.objects.get()
    assert (record.status, record.reason, record.job_id) == ("sent", "", job.pk)
