"""Visitors of every kind, and browsers for them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from booru.models import Level
from tests.support.factories import UserFactory

LEVELS = {
    "restricted": {"level": Level.RESTRICTED},
    "banned": {"level": Level.MEMBER, "is_banned": True},
    "member": {"level": Level.MEMBER},
    "builder": {"level": Level.BUILDER},
    "moderator": {"level": Level.MODERATOR},
    "admin": {"level": Level.ADMIN},
    "owner": {"level": Level.OWNER},
}
VISITORS = ["anonymous", *LEVELS]


@pytest.fixture
def browser(db):
    """A function that gives a browser in which somebody is logged in.

    The password was entered `authenticated` ago, which some pages want to be short.
    """

    def logged_in(user=None, *, checks_csrf=False, authenticated=timedelta()):
        client = Client(enforce_csrf_checks=checks_csrf)
        if user is not None:
            client.force_login(user)
            session = client.session
            session["last_authenticated_at"] = (timezone.now() - authenticated).timestamp()
            session.save()
        return client

    return logged_in


@pytest.fixture(params=VISITORS)
def visitor(request, db):
    """The name of a kind of visitor and the user, None when anonymous."""
    name = request.param
    return name, UserFactory(**LEVELS[name]) if name in LEVELS else None


@pytest.fixture
def member(db):
    return UserFactory(level=Level.MEMBER)


@pytest.fixture
def builder(db):
    return UserFactory(level=Level.BUILDER)


@pytest.fixture
def admin(db):
    return UserFactory(level=Level.ADMIN)
