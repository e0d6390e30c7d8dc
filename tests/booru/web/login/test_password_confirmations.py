from datetime import timedelta

import pyotp
import pytest
import time_machine
from django.utils import timezone

from booru.models import UserEvent
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP" * 2


def confirm(client, password="password", **fields):
    return client.post("/session/confirm_password", {"session[password]": password, **fields})


def events(user):
    return [event.category_name for event in UserEvent.objects.filter(user=user).order_by("pk")]


def test_a_page_that_asks_for_it_is_there_for_an_hour(browser, member):
    client, page = browser(member, authenticated=timedelta(hours=2)), f"/users/{member.pk}/email/edit"
    response = client.get(page)
    assert (response.status_code, response["Location"]) == (302, f"/session/confirm_password?url={page}")
    form = client.get(response["Location"]).content.decode()
    assert f'name="url" value="{page}"' in form
    assert "Verification code" not in form
    response = confirm(client, url=page)
    assert (response.status_code, response["Location"]) == (302, page)
    assert events(member) == ["reauthenticate"]
    now = timezone.now()
    for minutes, status in ((59, 200), (61, 302)):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert client.get(page).status_code == status


def test_logging_in_is_as_good(browser, member):
    client = browser()
    client.post("/session", {"session[name]": member.name, "session[password]": "password"})
    assert client.get(f"/users/{member.pk}/email/edit").status_code == 200


def test_a_wrong_password_opens_nothing(browser, member):
    client = browser(member, authenticated=timedelta(hours=2))
    response = confirm(client, "wrong", url="/settings")
    assert response.status_code == 200
    page = response.content.decode()
    assert "Password is incorrect" in page
    assert 'name="url" value="/settings"' in page
    assert events(member) == ["failed_reauthenticate"]
    assert client.get(f"/users/{member.pk}/email/edit").status_code == 302


def test_a_second_factor_is_asked_for_too(browser):
    user = UserFactory(totp_secret=SECRET, backup_codes=[1234])
    client = browser(user, authenticated=timedelta(hours=2))
    assert "one-time-code" in client.get("/session/confirm_password").content.decode()
    code = pyotp.TOTP(SECRET).now()
    assert "Password is incorrect" in confirm(client, "wrong", **{"session[code]": code}).content.decode()
    for wrong in ("", "000000"):
        page = confirm(client, **{"session[code]": wrong}).content.decode()
        assert "Verification code is incorrect" in page
    assert confirm(client, **{"session[code]": code}).status_code == 302
    assert confirm(client, **{"session[code]": "00001234"}).status_code == 302
    assert events(user) == [
        *("failed_reauthenticate", "totp_failed_reauthenticate", "totp_failed_reauthenticate"),
        *("totp_reauthenticate", "backup_code_reauthenticate"),
    ]


def test_an_anonymous_visitor_has_no_password_to_confirm(browser):
    assert browser().get("/session/confirm_password").status_code == 302
    assert confirm(browser()).status_code == 403
    # Not sent there either: what they may not do is said by the page itself.
    assert browser().get(f"/users/{UserFactory().pk}/email/edit").status_code == 403


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(browser, member, url):
    client = browser(member)
    assert client.get("/session/confirm_password", {"url": url}).status_code == 403
    assert confirm(client, url=url).status_code == 403


def test_a_form_leads_back_to_its_own_page(browser, member):
    client = browser(member, authenticated=timedelta(hours=2))
    page = f"/users/{member.pk}/email"
    for referrer, back in [
        (f"http://testserver{page}/edit?a=b", f"{page}/edit%3Fa%3Db"),
        ("https://evil.example/x", page),
        ("", page),
    ]:
        response = client.post(page, {"_method": "put"}, headers={"Referer": referrer})
        assert response["Location"] == f"/session/confirm_password?url={back}"


def test_a_program_is_told(browser, member):
    client = browser(member, authenticated=timedelta(hours=2))
    response = client.put(f"/users/{member.pk}/email.json", {}, "application/json")
    assert response.status_code == 403
    assert response.json()["message"] == "You must confirm your password to continue"
    assert client.post("/session/confirm_password", {"password": "x"}, "application/json").status_code == 422
    body = {"session": {"password": "password"}}
    assert client.post("/session/confirm_password", body, "application/json").status_code == 204
    response = client.put(f"/users/{member.pk}/email.json", {}, "application/json")
    assert response.status_code == 422
