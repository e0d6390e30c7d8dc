"""Emails while the database restarts, and while the mail server holds whoever talks to it."""

import email
import signal
from collections import Counter
from email import policy
from threading import Event

import pytest
from django.db import connection

from jobs.engine.models import BackgroundJob, JobAttempt
from mailers.models import SentMail
from mailers.user_mailer import UserMailer
from tests.chaos.own_server import end, own_server
from tests.support.clusters import all_finished, running_cluster, wait_until
from tests.support.factories import UserFactory
from tests.support.sample_jobs import NoteJob
from tests.support.unruly_server import Fault, unruly_server

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]
EMAILS = 6


def copies(messages):
    """How often each email arrived, by its Message-ID."""
    return Counter(
        email.message_from_bytes(message, policy=policy.strict)["Message-ID"] for message in messages
    )


def test_a_restart_of_the_database_while_an_email_is_sent_costs_nobody_anything(tmp_path):
    with own_server() as database, unruly_server() as server:
        reached, restarted = Event(), Event()

        def hold_the_third(step):
            # It was given to us; we answer when the database has been away.
            if step == "message" and len(server.messages) == 3:
                reached.set()
                restarted.wait(60)

        server.before_answer = hold_the_third
        url = f"smtp://127.0.0.1:{server.port}?read_timeout=60"
        with running_cluster(tmp_path, DANBOORU_MAIL_DELIVERY_URL=url):
            people = [UserFactory(with_email=True) for _ in range(EMAILS)]
            jobs = [UserMailer().welcome_user(user).deliver_later() for user in people]
            assert reached.wait(60)
            end(database, signal.SIGINT)
            restarted.set()
            database.start()
            connection.close()
            wait_until(all_finished, 60, "the emails")
        assert copies(server.messages) == {f"<{job.pk}@localhost>": 1 for job in jobs}
        assert set(SentMail.objects.values_list("status", flat=True)) == {"sent"}
        assert not BackgroundJob.objects.filter(error__isnull=False).exists()
        assert not JobAttempt.objects.filter(error_class="NeverAnswered").exists()


def test_a_mail_server_that_drips_holds_up_nothing_else(tmp_path, journal):
    with unruly_server(*[Fault("banner", "drip")] * 100) as server:
        url = f"smtp://127.0.0.1:{server.port}?total_timeout=3000&read_timeout=3000"
        with running_cluster(tmp_path, DANBOORU_MAIL_DELIVERY_URL=url) as cluster:
            for _ in range(EMAILS):
                UserMailer().welcome_user(UserFactory(with_email=True)).deliver_later()
            wait_until(lambda: server.connections, what="an email to be held")
            saved = NoteJob.enqueue_many([(f"note-{number}",) for number in range(20)])
            wait_until(lambda: len(journal.labels()) == len(saved), what="the other jobs")
            assert BackgroundJob.objects.running().count() == 1
            assert server.connections == 1
            cluster.signal(signal.SIGKILL)
