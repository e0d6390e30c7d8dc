from datetime import timedelta

import pytest
from django.utils import timezone

from booru.models import LoginSession
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db
Status = LoginSession.Status


def statuses():
    return list(LoginSession.objects.order_by("pk").values_list("status", flat=True))


def test_only_active_ones_are_revoked():
    user = UserFactory()
    for status in Status:
        LoginSession.objects.create(user=user, status=status)
    assert LoginSession.objects.filter(user=user).revoke() == 1
    assert statuses() == [Status.REVOKED, Status.LOGGED_OUT, Status.REVOKED, Status.EXPIRED]


def test_those_that_nobody_uses_expire_with_their_cookie(settings):
    settings.SESSION_COOKIE_AGE = 28 * 24 * 60 * 60
    user, now = UserFactory(), timezone.now()
    for days in (27, 29):
        LoginSession.objects.create(user=user, last_seen_at=now - timedelta(days=days))
    revoked = LoginSession.objects.create(
        user=user, last_seen_at=now - timedelta(days=29), status=Status.REVOKED
    )
    assert LoginSession.objects.expire() == 1
    assert statuses() == [Status.ACTIVE, Status.EXPIRED, Status.REVOKED]
    assert revoked.updated_at == LoginSession.objects.get(pk=revoked.pk).updated_at
