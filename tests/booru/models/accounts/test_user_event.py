import pytest
from django.contrib.auth.models import AnonymousUser

from booru.models import Level, UserEvent
from booru.models.accounts.user_event import AUTHORIZED
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


def event(user, **fields):
    return UserEvent.objects.create(user=user, **{"category": UserEvent.Category.LOGIN, **fields})


def test_what_proves_a_logged_in_user_is_authorized():
    others = {category.name.lower() for category in UserEvent.Category} - {
        category.name.lower() for category in AUTHORIZED
    }
    assert others == {
        "login_pending_verification",
        "failed_login",
        "failed_reauthenticate",
        "password_reset_request",
        "totp_login_pending_verification",
        "totp_failed_login",
        "totp_failed_reauthenticate",
    }
    user = UserFactory()
    login = event(user)
    event(user, category=UserEvent.Category.FAILED_LOGIN)
    assert list(UserEvent.objects.authorized()) == [login]


@pytest.mark.parametrize(
    ("known", "address", "is_near"),
    [
        ("8.8.8.1", "8.8.8.255", True),
        ("8.8.9.0", "8.8.8.255", False),
        ("2606:4700::1", "2606:4700::ffff:1:1:1", True),
        ("2606:4700:0:1::1", "2606:4700::1", False),
        ("192.168.1.4", "192.168.1.4", True),
        ("192.168.1.4", "192.168.1.5", False),
        (None, "8.8.8.8", False),
    ],
)
def test_events_are_found_by_their_network(known, address, is_near):
    event(UserFactory(), ip_addr=known)
    assert UserEvent.objects.from_network_of(address).exists() is is_near


def test_moderators_see_all_and_others_their_own():
    member, moderator = UserFactory(), UserFactory(level=Level.MODERATOR)
    own, other = event(member), event(moderator)
    assert set(UserEvent.objects.visible_to(moderator)) == {own, other}
    assert set(UserEvent.objects.visible_to(member)) == {own}
    assert set(UserEvent.objects.visible_to(AnonymousUser())) == set()
