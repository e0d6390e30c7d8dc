import pytest

from booru.models import Level, ModAction
from tests.support.factories import EmailAddressFactory, UserFactory


@pytest.fixture
def moderator():
    return UserFactory(level=Level.MODERATOR)


def send_again(client, address):
    return client.post(f"/emails/{address.pk}/deliverability", {"_method": "put"})


def test_a_moderator_lets_mail_be_sent_again(browser, moderator, db):
    address = EmailAddressFactory(is_deliverable=False)
    client = browser(moderator)
    assert "Send emails again" in client.get(f"/emails/{address.pk}").content.decode()
    response = send_again(client, address)
    assert (response.status_code, response["Location"]) == (302, f"/emails/{address.pk}")
    address.refresh_from_db()
    assert address.is_deliverable
    action = ModAction.objects.get()
    assert (action.creator, action.category_name) == (moderator, "email_address_update")
    assert action.description == f"marked user #{address.user_id}'s email address as deliverable"
    assert "Send emails again" not in client.get(f"/emails/{address.pk}").content.decode()


def test_where_mail_is_sent_anyway_nothing_is_done(browser, moderator, db):
    send_again(browser(moderator), EmailAddressFactory())
    assert not ModAction.objects.exists()


@pytest.mark.parametrize("level", [Level.MODERATOR, Level.ADMIN, Level.OWNER])
def test_not_for_users_at_or_above_ones_own_level(level, browser, moderator, db):
    address = EmailAddressFactory(is_deliverable=False, user__level=level)
    assert send_again(browser(moderator), address).status_code == 403
    address.refresh_from_db()
    assert not address.is_deliverable


def test_not_for_oneself(browser, moderator, db):
    address = EmailAddressFactory(is_deliverable=False, user=moderator)
    assert send_again(browser(moderator), address).status_code == 403


def test_an_address_that_is_not_there(browser, moderator, db):
    assert browser(moderator).put("/emails/0/deliverability.json").status_code == 404
