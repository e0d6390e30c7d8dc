import pytest

from booru.models import Dmail
from tests.support.factories import DmailFactory, UserFactory


@pytest.fixture
def friend(db):
    return UserFactory(name="friend_of_mine")


def has_notice(client, path="/") -> bool:
    page = client.get(path).content.decode()
    assert ("unread message" in page) is ("unread-notice" in page)
    return "unread-notice" in page


def hide(client, dmail, url="/posts"):
    return client.post("/dmails/hide_notice", {"dmail_id": dmail.pk, "url": url})


@pytest.mark.parametrize("path", ["/", "/posts", "/users", "/dmails", "/jobs", "/dmails/999"])
def test_every_page_tells_of_unread_messages(browser, member, friend, path):
    Dmail.objects.send(friend, member, "What's up", "x")
    Dmail.objects.send(friend, member, "Second", "x")
    page = browser(member).get(path).content.decode()
    assert "My Account (2)" in page
    assert "2 unread messages" in page
    assert "friend of mine" in page
    assert not has_notice(browser(), "/")


def test_the_notice_is_hidden_until_something_newer_comes(browser, member, friend):
    dmail = DmailFactory(to_user=member)
    client = browser(member)
    response = hide(client, dmail)
    assert response["Location"] == "/posts"
    assert response.cookies["hide_dmail_notice"].value == str(dmail.pk)
    assert not has_notice(client)
    assert "My Account (1)" in client.get("/").content.decode()
    newer = DmailFactory(to_user=member)
    assert has_notice(client)
    newer.mark_read(True)
    assert not has_notice(client)


def test_the_form_in_the_page_hides_it_without_javascript(browser, member):
    dmail = DmailFactory(to_user=member)
    page = browser(member).get("/posts?tags=a+b").content.decode()
    assert 'action="/dmails/hide_notice"' in page
    assert f'name="dmail_id" value="{dmail.pk}"' in page
    assert 'name="url" value="/posts?tags=a+b"' in page


def test_hiding_leads_to_no_other_site(browser, member):
    client = browser(member)
    assert hide(client, DmailFactory(to_user=member), "https://example.com/").status_code == 403
    assert hide(client, DmailFactory(to_user=member), "").status_code == 302


@pytest.mark.parametrize("value", ["", "x", "-5", "9" * 40, "1.5"])
def test_a_cookie_that_makes_no_sense_hides_nothing(browser, member, value):
    DmailFactory(to_user=member)
    client = browser(member)
    client.cookies["hide_dmail_notice"] = value
    assert has_notice(client)
    response = client.post("/dmails/hide_notice", {"dmail_id": value})
    assert response.status_code in {302, 400}


def test_what_is_deleted_or_read_is_not_told_of(browser, member):
    DmailFactory(to_user=member, is_deleted=True)
    DmailFactory(to_user=member, is_read=True)
    assert not has_notice(browser(member))
