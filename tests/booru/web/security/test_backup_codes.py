import re
from datetime import timedelta

import pytest
from django.core import mail

from booru.models import EmailAddress, Level, ModAction, User, UserEvent
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import assert_no_enqueued, perform_enqueued_jobs
from tests.booru.web.login.test_sessions import log_in
from tests.support.factories import UserFactory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODES = [12, 34567890]

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db):
    return UserFactory(totp_secret=SECRET, backup_codes=CODES, with_email=True)


def saved(user):
    return User.objects.get(pk=user.pk)


def test_they_are_shown_with_their_zeros(browser, user):
    response = browser(user).get(f"/users/{user.pk}/backup_codes")
    page = response.content.decode()
    assert "00000012" in page
    assert "34567890" in page
    assert "no-store" in response["Cache-Control"]
    codes = browser(user).get(f"/users/{user.pk}/backup_codes.json").json()
    assert codes == {"backup_codes": ["00000012", "34567890"]}


def test_they_are_replaced(browser, user):
    response = browser(user).post(f"/users/{user.pk}/backup_codes", follow=True)
    assert "New backup codes generated" in response.content.decode()
    assert not set(saved(user).backup_codes) & set(CODES)
    assert all(f"{code:08}" in response.content.decode() for code in saved(user).backup_codes)
    assert user.events.get().category == UserEvent.Category.BACKUP_CODE_GENERATE


def test_without_a_second_factor_there_are_none(browser, member):
    client = browser(member)
    assert client.get(f"/users/{member.pk}/backup_codes").status_code == 200
    response = client.post(f"/users/{member.pk}/backup_codes", follow=True)
    assert "Two-factor authentication is not enabled" in response.content.decode()
    assert saved(member).backup_codes == []
    assert client.post(f"/users/{member.pk}/backup_codes.json").status_code == 422
    assert not member.events.exists()


def test_the_password_must_have_been_entered_lately(browser, user):
    client = browser(user, authenticated=timedelta(hours=2))
    path = f"/users/{user.pk}/backup_codes"
    assert client.get(path)["Location"] == f"/session/confirm_password?url={path}"
    client.post(path)
    assert saved(user).backup_codes == CODES
    assert client.get(f"{path}.json").status_code == 403


def test_nobody_sees_anothers(browser, user, admin):
    for client in (browser(), browser(admin), browser(UserFactory(level=Level.OWNER))):
        for suffix in ("", ".json"):
            assert client.get(f"/users/{user.pk}/backup_codes{suffix}").status_code == 403
            assert client.post(f"/users/{user.pk}/backup_codes{suffix}").status_code == 403
    assert saved(user).backup_codes == CODES


def test_an_admin_has_a_code_mailed_to_who_lost_the_app(browser, user, admin):
    client = browser(admin)
    assert client.get(f"/users/{user.pk}/backup_codes/recover").status_code == 200
    with perform_enqueued_jobs():
        response = client.post(f"/users/{user.pk}/backup_codes/recover", follow=True)
    assert "Backup code sent to" in response.content.decode()
    assert "00000012" not in response.content.decode()
    [email] = mail.outbox
    assert email.subject == "Your account recovery code"
    assert user.email_address.address in email.to[0]
    [code] = re.findall(r"^\s+(\d{8})$", email.body, re.MULTILINE)
    assert code == "00000012"
    [job] = BackgroundJob.objects.all()
    assert code not in f"{job.arguments} {job.context} {browser().get('/jobs').content.decode()}"
    action = ModAction.objects.get()
    assert action.category == ModAction.Category.BACKUP_CODE_SEND
    assert action.description == f"sent backup code to user #{user.pk}"
    assert (action.creator, action.subject_id) == (admin, user.pk)
    assert not user.events.exists()


def test_the_mailed_code_logs_in_once(browser, user, admin):
    browser(admin).post(f"/users/{user.pk}/backup_codes/recover")
    for expected in (302, 401):
        client = browser()
        log_in(client, user.name)
        assert client.post("/session/verify_totp", {"session[code]": "00000012"}).status_code == expected


@pytest.mark.parametrize(
    ("obstacle", "message"),
    [
        ("no codes", "doesn&#x27;t have backup codes"),
        ("no address", "doesn&#x27;t have an email address"),
        ("bounced", "doesn&#x27;t have an email address"),
    ],
)
def test_a_code_cannot_be_mailed_without_codes_or_an_address(browser, user, admin, obstacle, message):
    if obstacle == "no codes":
        User.objects.filter(pk=user.pk).update(backup_codes=[])
    elif obstacle == "no address":
        user.email_address.delete()
    else:
        EmailAddress.objects.update(is_deliverable=False)
    response = browser(admin).post(f"/users/{user.pk}/backup_codes/recover", follow=True)
    assert f"{user.pretty_name} {message}" in response.content.decode()
    response = browser(admin).post(f"/users/{user.pk}/backup_codes/recover.json")
    assert response.status_code == 422
    assert_no_enqueued()
    assert not ModAction.objects.exists()


def test_a_code_goes_to_users_below_oneself_alone(browser, user, admin):
    User.objects.filter(pk=user.pk).update(level=Level.ADMIN)
    for client in (browser(admin), browser(user), browser(UserFactory(level=Level.MODERATOR)), browser()):
        assert client.get(f"/users/{user.pk}/backup_codes/recover").status_code == 403
        assert client.post(f"/users/{user.pk}/backup_codes/recover").status_code == 403
    assert_no_enqueued()
    owner = browser(UserFactory(level=Level.OWNER))
    assert owner.post(f"/users/{user.pk}/backup_codes/recover").status_code == 302


def test_admins_find_it_on_the_page_of_who_has_a_second_factor(browser, user, admin):
    link = f'href="/users/{user.pk}/backup_codes/recover"'
    for viewer, is_offered in ((admin, True), (UserFactory(level=Level.MODERATOR), False), (user, False)):
        assert (link in browser(viewer).get(f"/users/{user.pk}").content.decode()) is is_offered
    assert link not in browser(admin).get(f"/users/{UserFactory().pk}").content.decode()
    User.objects.filter(pk=user.pk).update(totp_secret="")
    assert link not in browser(admin).get(f"/users/{user.pk}").content.decode()
