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


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"title_matches": "x*"}, True),
        ({"title_matches": "X*"}, True),
        ({"title_matches": "xxx"}, True),
        ({"title_matches": "x"}, False),
        ({"title_matches": "aaa"}, False),
        ({"message_matches": "xxx"}, True),
        ({"message_matches": "dog"}, True),
        ({"message_matches": "*LAZY*"}, True),
        ({"message_matches": "aaa"}, False),
        ({"body_matches": "dogs"}, True),
        ({"title": "xxx"}, True),
        ({"title": "XXX"}, False),
        ({"is_read": "false"}, True),
        ({"is_read": "true"}, False),
        ({"is_deleted": "no"}, True),
        ({"to_name": "Bob"}, True),
        ({"from_name": "al*"}, True),
        ({"from_name": "bob"}, False),
        ({"to_id": "0"}, False),
        ({"id": "nonsense"}, False),
        ({"folder": "received", "is_read": "false"}, True),
        ({"folder": "sent"}, False),
        ({"something_else": "x"}, True),
    ],
)
def test_search(alice, bob, params, found):
    dmail = DmailFactory(from_user=alice, to_user=bob, title="xxx", body="The lazy dog.")
    assert list(Dmail.objects.search(params)) == ([dmail] if found else [])


def test_the_newest_is_first(bob):
    first, second = DmailFactory(to_user=bob), DmailFactory(to_user=bob)
    assert list(Dmail.objects.visible_to(bob)) == [second, first]
