from urllib.parse import parse_qs, urlsplit

import pytest

from mailers.links import unsubscribe_url
from tests.factories import UserFactory

PATH = "/maintenance/user/email_notification"


@pytest.fixture
def subscriber(db):
    return UserFactory(receive_email_notifications=True)


def link(user):
    return PATH + "?" + urlsplit(unsubscribe_url(user)).query


def is_subscribed(user):
    user.refresh_from_db()
    return user.receive_email_notifications


def test_opening_the_link_only_asks(browser, subscriber):
    response = browser().get(link(subscriber))
    assert "Do you wish to stop receiving all email notifications?" in response.content.decode()
    assert is_subscribed(subscriber)


def test_the_button_unsubscribes_without_cookies(browser, subscriber):
    fields = {name: values[0] for name, values in parse_qs(urlsplit(link(subscriber)).query).items()}
    response = browser(checks_csrf=True).post(PATH, {"_method": "delete", **fields})
    assert "You have been unsubscribed from all email notifications." in response.content.decode()
    assert not is_subscribed(subscriber)


def test_one_click_gets_an_empty_200(browser, subscriber):
    response = browser(checks_csrf=True).post(link(subscriber), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert response.content == b""
    assert not is_subscribed(subscriber)


def test_delete_does_the_same(browser, subscriber):
    response = browser(checks_csrf=True).delete(link(subscriber))
    assert response.status_code == 200
    assert not is_subscribed(subscriber)


def test_the_link_may_be_used_twice(browser, subscriber):
    browser().post(link(subscriber))
    assert browser().post(link(subscriber)).status_code == 200


@pytest.mark.parametrize("sig", ["", "nonsense", "1:x", "é", "a" * 5000])
def test_a_wrong_signature_changes_nothing(browser, subscriber, sig):
    response = browser().post(f"{PATH}?user_id={subscriber.pk}&sig={sig}")
    assert response.status_code == 403
    assert is_subscribed(subscriber)


def test_somebody_elses_signature_changes_nothing(browser, subscriber):
    sig = parse_qs(urlsplit(link(UserFactory())).query)["sig"][0]
    response = browser().post(PATH + f"?user_id={subscriber.pk}", {"sig": sig})
    assert response.status_code == 403
    assert is_subscribed(subscriber)


def test_no_parameters_at_all(browser, db):
    assert browser().get(PATH).status_code == 200
    assert browser().post(PATH).status_code == 403
