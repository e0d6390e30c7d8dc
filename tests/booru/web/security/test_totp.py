import re
from datetime import timedelta
from html import unescape

import pyotp
import pytest
import time_machine

from booru.models import User, UserEvent
from booru.web.security.views.totp import _sign
from tests.booru.web.login.test_sessions import log_in
from tests.support.factories import UserFactory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
Category = UserEvent.Category

pytestmark = pytest.mark.django_db


def saved(user):
    return User.objects.get(pk=user.pk)


def open_page(client, user):
    """The page, the secret on it, and what its form carries."""
    page = client.get(f"/users/{user.pk}/totp/edit").content.decode()
    link = unescape(re.search(r'href="(otpauth:[^"]+)"', page)[1])
    return (
        page,
        pyotp.parse_uri(link).secret,
        re.search(r'name="user\[signed_secret\]" value="([^"]+)"', page)[1],
    )


def confirm(client, user, signed_secret, code):
    form = {"_method": "put", "user[signed_secret]": signed_secret, "user[verification_code]": code}
    return client.post(f"/users/{user.pk}/totp", form)


def set_up(client, user):
    _, secret, signed_secret = open_page(client, user)
    return secret, confirm(client, user, signed_secret, pyotp.TOTP(secret).now())


def test_an_app_is_set_up(browser, member):
    client = browser(member)
    page, secret, _ = open_page(client, member)
    assert "<svg" in page
    assert " ".join(re.findall("....", secret)) in page
    assert saved(member).totp_secret == "", "nothing is kept before it is confirmed"
    secret, response = set_up(client, member)
    assert response["Location"] == f"/users/{member.pk}/backup_codes"
    assert saved(member).totp_secret == secret
    page = client.get(response["Location"]).content.decode()
    assert "Two-factor authentication enabled" in page
    assert all(f"{code:08}" in page for code in saved(member).backup_codes)
    assert [event.category for event in member.events.all()] == [Category.TOTP_ENABLE]


@pytest.mark.parametrize("code", ["", "000000", "12345678", "a" * 100_000])
def test_a_wrong_code_keeps_the_same_qr_code(browser, member, code):
    client = browser(member)
    _, secret, signed_secret = open_page(client, member)
    page = confirm(client, member, signed_secret, code).content.decode()
    assert "Verification code is incorrect" in page
    assert " ".join(re.findall("....", secret)) in page
    assert saved(member).totp_secret == ""
    assert confirm(client, member, signed_secret, pyotp.TOTP(secret).now()).status_code == 302


def test_another_app_takes_the_place_of_the_first(browser):
    user = UserFactory(totp_secret=SECRET, backup_codes=[1, 2])
    secret, response = set_up(browser(user), user)
    assert response.status_code == 302
    assert (saved(user).totp_secret, saved(user).backup_codes) == (secret, [1, 2])
    assert [event.category for event in user.events.all()] == [Category.TOTP_UPDATE]


def test_it_is_switched_off(browser):
    user = UserFactory(totp_secret=SECRET, backup_codes=[1])
    client = browser(user)
    for _ in range(2):
        response = client.post(f"/users/{user.pk}/totp", {"_method": "delete"})
        assert response["Location"] == "/settings"
    assert (saved(user).totp_secret, saved(user).backup_codes) == ("", [])
    assert [event.category for event in user.events.all()] == [Category.TOTP_DISABLE]


def test_a_secret_that_is_anothers_or_old_or_made_up_is_not_taken(browser, member):
    client = browser(member)
    foreign = _sign(UserFactory(), SECRET)
    with time_machine.travel(timedelta(minutes=-61), tick=False):
        old = _sign(member, SECRET)
    for signed_secret in (foreign, old, SECRET, "", "x" * 100_000):
        page = confirm(client, member, signed_secret, pyotp.TOTP(SECRET).now()).content.decode()
        assert "The page was open for too long. Scan the code again." in page
        assert "JBSW Y3DP" not in page
    assert saved(member).totp_secret == ""


def test_the_password_must_have_been_entered_lately(browser, member):
    client = browser(member, authenticated=timedelta(hours=2))
    path = f"/users/{member.pk}/totp"
    response = client.get(f"{path}/edit")
    assert response["Location"] == f"/session/confirm_password?url={path}/edit"
    for method in ("put", "delete"):
        response = client.post(path, {"_method": method})
        assert response["Location"].startswith("/session/confirm_password")


def test_it_is_nobody_elses_business(browser, admin):
    user = UserFactory(totp_secret=SECRET, backup_codes=[1])
    for client in (browser(), browser(admin), browser(UserFactory())):
        assert client.get(f"/users/{user.pk}/totp/edit").status_code == 403
        assert confirm(client, user, _sign(user, SECRET), pyotp.TOTP(SECRET).now()).status_code == 403
        assert client.post(f"/users/{user.pk}/totp", {"_method": "delete"}).status_code == 403
    assert saved(user).totp_secret == SECRET


def test_the_page_with_the_secret_is_not_cached(browser, member):
    assert "no-store" in browser(member).get(f"/users/{member.pk}/totp/edit")["Cache-Control"]


def test_a_second_factor_from_its_set_up_to_its_end(browser):
    user = UserFactory()
    client = browser()
    with time_machine.travel("2026-05-05T12:00:00Z", tick=False) as clock:

        def code():
            clock.shift(timedelta(minutes=1))
            return {"session[code]": pyotp.TOTP(saved(user).totp_secret).now()}

        log_in(client, user.name)
        set_up(client, user)
        client.post("/logout")
        log_in(client, user.name)
        assert client.get("/settings").status_code == 302, "the password is not enough"
        assert client.post("/session/verify_totp", code()).status_code == 302
        clock.shift(timedelta(hours=2))
        page = f"/users/{user.pk}/totp/edit"
        assert client.get(page)["Location"].startswith("/session/confirm_password")
        password = {"session[password]": "password", "url": page}
        assert client.post("/session/confirm_password", password).status_code == 200, "nor is it here"
        assert client.post("/session/confirm_password", {**password, **code()})["Location"] == page
        client.post(f"/users/{user.pk}/totp", {"_method": "delete"})
        client.post("/logout")
        log_in(client, user.name)
        assert client.get("/settings").status_code == 200
    categories = [Category(event.category).name for event in user.events.order_by("pk")]
    assert categories == [
        *("LOGIN", "TOTP_ENABLE", "LOGOUT", "TOTP_LOGIN_PENDING_VERIFICATION", "TOTP_LOGIN"),
        *("TOTP_FAILED_REAUTHENTICATE", "TOTP_REAUTHENTICATE", "TOTP_DISABLE", "LOGOUT", "LOGIN"),
    ]
