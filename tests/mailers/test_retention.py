"""What was sent to whom is forgotten after a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.maintenance import PruneSentMailJob
from mailers import retention
from mailers.models import SentMail, SentMailEvent
from tests.support.factories import SentMailFactory

pytestmark = pytest.mark.django_db


def sent_days_ago(days: float) -> SentMail:
    mail: SentMail = SentMailFactory(created_at=timezone.now() - timedelta(days=days))
    mail.events.create(status="delivered", occurred_at=timezone.now())
    return mail


def test_old_records_go_with_their_events(settings) -> None:
    settings.DANBOORU_SENT_MAIL_RETENTION_DAYS = 90
    _, kept = sent_days_ago(90.1), sent_days_ago(89.9)
    PruneSentMailJob.call()
    assert list(SentMail.objects.all()) == [kept]
    assert SentMailEvent.objects.get().sent_mail == kept


def test_many_go_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        sent_days_ago(2)
    monkeypatch.setattr(retention, "_AT_ONCE", 3)
    monkeypatch.setattr(retention, "_PRUNE", retention._PRUNE.replace("LIMIT 5000", "LIMIT 3"))
    assert retention.prune_sent_mail(timedelta(days=1)) == 7
    assert not SentMail.objects.exists()


def test_nothing_is_there_to_forget() -> None:
    assert retention.prune_sent_mail(timedelta(0)) == 0
