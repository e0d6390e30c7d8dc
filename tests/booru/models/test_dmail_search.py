import pytest

from booru.models import Dmail
from tests.factories import DmailFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory(name="alice")


@pytest.fixture
def bob():
    return UserFactory(name="bob")


def test_folders(alice, bob):
    sent = Dmail.objects.send(alice, bob, "a", "x")
    received = Dmail.objects.get(owner=bob)
    read = DmailFactory(to_user=alice, is_read=True)
    gone = DmailFactory(to_user=alice, is_deleted=True)
    mine = Dmail.objects.visible_to(alice)
    assert set(mine) == {sent, read, gone}
    assert set(mine.folder("sent")) == {sent}
    assert set(mine.folder("received")) == {read}
    assert set(mine.folder("unread")) == set()
    assert set(Dmail.objects.visible_to(bob).folder("unread")) == {received}
    assert set(mine.folder("deleted")) == {gone}
    assert set(mine.folder("anything else")) == {sent, read, gone}
    assert not Dmail.objects.visible_to(None).exists()


def test_the_newest_is_first(bob):
    first, second = DmailFactory(to_user=bob), DmailFactory(to_user=bob)
    assert list(Dmail.objects.visible_to(bob)) == [second, first]
