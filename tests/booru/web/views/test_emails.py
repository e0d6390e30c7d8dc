import pytest

from booru.models import EmailAddress, Level
from jobs.engine.testing import enqueued_jobs
from mailers.links import verify_url
from tests.factories import UserFactory


def give_address(user, text="somebody@gmail.com"):
    address = EmailAddress(user=user)
    address.assign(text)
    address.save()
    return address


def path(url):
    return "/" + url.split("/", 3)[3]


def test_the_link_from_the_email_verifies_without_login(browser, member):
    address = give_address(member)
    response = browser().get(path(verify_url(address)))
    address.refresh_from_db()
    assert response["Location"] == f"/users/{member.pk}"
    assert address.is_verified


def test_verifying_lifts_a_restriction(browser):
    user = UserFactory(level=Level.RESTRICTED)
    browser().get(path(verify_url(give_address(user))))
    user.refresh_from_db()
    assert user.level == Level.MEMBER


def test_a_forged_key_is_refused(browser, member):
    give_address(member)
    page = f"/users/{member.pk}/email/verify"
    assert browser(member).get(page, {"email_verification_key": "nonsense"}).status_code == 403
    assert browser().get(page, {"email_verification_key": "nonsense"}).status_code == 403


def test_a_key_works_for_its_own_address_only(browser, member):
    address = give_address(member)
    key = path(verify_url(give_address(UserFactory(), "other@gmail.com"))).split("?")[1]
    assert browser().get(f"/users/{member.pk}/email/verify?{key}").status_code == 403
    address.refresh_from_db()
    assert not address.is_verified


def test_without_a_key_the_owner_may_ask_for_another_email(browser, member):
    give_address(member)
    client = browser(member)
    assert "Resend" in client.get(f"/users/{member.pk}/email/verify").content.decode()
    response = client.post(f"/users/{member.pk}/email/send_confirmation", follow=True)
    notice = "Confirmation email sent to somebody@gmail.com. Check your email to confirm your address"
    assert notice in response.content.decode()
    assert len(enqueued_jobs()) == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_an_address_nothing_is_sent(browser, member, method):
    page = "send_confirmation" if method == "post" else "verify"
    response = getattr(browser(member), method)(f"/users/{member.pk}/email/{page}", follow=True)
    assert response.status_code == 200
    assert "no email address" in response.content.decode()
    assert enqueued_jobs() == []
