import pytest

from booru.models import Dmail
from tests.support.factories import DmailFactory, UserFactory

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


def test_each_folder_is_counted(alice, bob):
    Dmail.objects.send(alice, bob, "a", "x")
    DmailFactory(to_user=alice, is_read=True)
    DmailFactory(to_user=alice)
    DmailFactory(to_user=alice, is_deleted=True)
    counts = {"all": 4, "received": 2, "unread": 1, "sent": 1, "deleted": 1}
    assert Dmail.objects.count_by_folder(alice) == counts
    assert Dmail.objects.count_by_folder(bob) == {
        "all": 1,
        "received": 1,
        "unread": 1,
        "sent": 0,
        "deleted": 0,
    }
