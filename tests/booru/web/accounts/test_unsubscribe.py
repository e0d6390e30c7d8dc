from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from mailers.content import tokens
from mailers.content.links import unsubscribe_url
from tests.support.factories import UserFactory

PATH = "/maintenance/user/email_notification"


@pytest.fixture
def subscriber(db):
    return UserFactory(receive_email_notifications=True)


def link(user):
    return PATH + "?" + urlsplit(unsubscribe_url(user)).query


def is_subscribed(user):
    user.refresh_from_db()
    return user.receive_email_notifications


def sig_of(user):
    return parse_qs(urlsplit(link(user)).query)["sig"][0]


def test_opening_the_link_only_asks(browser, subscriber):
    response = browser().get(link(subscriber))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Do you wish to stop receiving all email notifications?" in page
    assert '<button type="submit">Yes</button>' in page
    assert is_subscribed(subscriber)
    assert browser().head(link(subscriber)).status_code == 200
    assert is_subscribed(subscriber)


def test_the_page_that_asks_checks_no_signature(browser, subscriber):
    page = browser().get(PATH, {"user_id": subscriber.pk, "sig": '"><script>'}).content.decode()
    assert "Do you wish to stop receiving all email notifications?" in page
    assert "<script>" not in page.split("<main")[1]


def test_the_link_is_absolute_and_the_same_every_time(subscriber, settings):
    settings.DANBOORU_CANONICAL_URL = "https://booru.example"
    assert unsubscribe_url(subscriber).startswith(f"https://booru.example{PATH}?user_id={subscriber.pk}&sig=")
    assert unsubscribe_url(subscriber) == unsubscribe_url(subscriber)


def test_the_link_never_ends(browser, subscriber):
    old = link(subscriber)
    with time_machine.travel(timezone.now() + timedelta(days=3650)):
        assert browser().post(old).status_code == 200
    assert not is_subscribed(subscriber)


def test_a_key_of_its_own_signs_the_link(browser, subscriber, settings):
    old = link(subscriber)
    settings.SECRET_KEY = "another"
    assert browser().post(old).status_code == 200
    settings.EMAIL_KEY = "another"
    assert browser().post(old).status_code == 403


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


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", MULTIPART_CONTENT])
def test_one_click_may_be_sent_in_both_forms_of_the_rfc(browser, subscriber, content_type):
    body = "List-Unsubscribe=One-Click"
    if content_type == MULTIPART_CONTENT:
        body = encode_multipart(BOUNDARY, {"List-Unsubscribe": "One-Click"})
    response = browser(checks_csrf=True).generic("POST", link(subscriber), body, content_type)
    assert (response.status_code, response.content) == (200, b"")
    assert not is_subscribed(subscriber)


def test_one_click_is_never_redirected_nor_given_a_cookie(browser, subscriber):
    client = browser(checks_csrf=True)
    response = client.post(link(subscriber), {"List-Unsubscribe": "One-Click"}, follow=True)
    assert response.redirect_chain == []
    assert not client.cookies


def test_one_click_with_a_wrong_signature_is_refused(browser, subscriber):
    fields = {"List-Unsubscribe": "One-Click"}
    assert browser().post(link(subscriber) + "x", fields).status_code == 403
    assert is_subscribed(subscriber)


@pytest.mark.parametrize("fields", [{}, {"List-Unsubscribe": "Two-Clicks"}])
def test_who_is_no_mail_program_gets_a_page(browser, subscriber, fields):
    page = browser().post(link(subscriber), fields).content.decode()
    assert "You have been unsubscribed from all email notifications." in page


def test_one_is_unsubscribed_whoever_is_logged_in(browser, subscriber, member):
    assert browser(member, checks_csrf=True).post(link(subscriber)).status_code == 200
    assert not is_subscribed(subscriber)


def test_delete_does_the_same(browser, subscriber):
    response = browser(checks_csrf=True).delete(link(subscriber))
    assert response.status_code == 200
    assert not is_subscribed(subscriber)


def test_the_link_may_be_used_twice(browser, subscriber):
    browser().post(link(subscriber))
    assert browser().post(link(subscriber)).status_code == 200


@pytest.mark.parametrize("sig", ["", "nonsense", "1:x", "é", "~", "a" * 5000])
@pytest.mark.parametrize("method", ["post", "delete"])
def test_a_wrong_signature_changes_nothing(browser, subscriber, method, sig):
    response = getattr(browser(), method)(f"{PATH}?user_id={subscriber.pk}&sig={sig}")
    assert response.status_code == 403
    assert "Access denied" in response.content.decode()
    assert "signature" not in response.content.decode()
    assert is_subscribed(subscriber)


def test_somebody_elses_signature_changes_nothing(browser, subscriber):
    response = browser().post(PATH + f"?user_id={subscriber.pk}", {"sig": sig_of(UserFactory())})
    assert response.status_code == 403
    assert is_subscribed(subscriber)


@pytest.mark.parametrize("user_id", ["", "x", "\u0661", "-1", "9" * 5000])
def test_a_user_that_is_none_changes_nothing(browser, subscriber, user_id):
    assert browser().post(PATH, {"user_id": user_id, "sig": sig_of(subscriber)}).status_code == 403
    assert is_subscribed(subscriber)


@pytest.mark.parametrize("purpose", ["verify", "password_reset", "login_verification"])
def test_what_was_signed_for_another_purpose_is_refused(browser, subscriber, purpose):
    token = tokens.sign(purpose, subscriber.pk)
    assert browser().post(PATH, {"user_id": subscriber.pk, "sig": token}).status_code == 403
    assert is_subscribed(subscriber)
    assert tokens.unsign(purpose, sig_of(subscriber)) is None


def test_a_user_who_is_gone_is_no_error(browser, subscriber):
    old = link(subscriber)
    subscriber.delete()
    assert browser().post(old).status_code == 200


def test_no_parameters_at_all(browser, db):
    assert browser().get(PATH).status_code == 200
    assert browser().post(PATH).status_code == 403
