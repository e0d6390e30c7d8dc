import pytest

from booru.models import Dmail
from booru.web.mailbox.searches import search_dmails
from tests.support.factories import DmailFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return UserFactory(name="alice")


@pytest.fixture
def bob():
    return UserFactory(name="bob")


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
        ({"created_at": "<1d"}, True),
        ({"created_at": ">1d"}, False),
        ({"created_at": "yesterday"}, False),
        ({"to_id": "any", "to_id_not": "0"}, True),
        ({"to.name": "bob", "from.name": "alice"}, True),
        ({"to.name": "alice"}, False),
        ({"title_ilike": "XX*"}, True),
    ],
)
def test_search(alice, bob, params, found):
    dmail = DmailFactory(from_user=alice, to_user=bob, title="xxx", body="The lazy dog.")
    assert list(search_dmails(Dmail.objects.all(), params)) == ([dmail] if found else [])
