"""Previews of the emails (behaviour G.8)."""

import pytest

from booru.models import Level, User, UserEvent
from booru.web.site.mail_previews import PREVIEWS
from jobs.engine.models import BackgroundJob
from mailers.content import tokens
from mailers.models import SentMail
from mailers.user_mailer import UserMailer
from tests.support.factories import DmailFactory, EmailAddressFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def debug(settings):
    settings.DEBUG = True
    settings.LOCAL_HOSTS = settings.ALLOWED_HOSTS


def test_every_email_has_a_preview():
    assert set(PREVIEWS) == UserMailer.emails


@pytest.mark.parametrize("path", ["", "/password_reset", "/password_reset/html", "/nonsense"])
def test_a_site_that_others_use_has_none(browser, path):
    owner = UserFactory(level=Level.OWNER)
    assert browser(owner).get(f"/mail_previews{path}").status_code == 404


@pytest.mark.usefixtures("debug")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", ["testserver", "booru.example"]),
        ("DANBOORU_CANONICAL_URL", "https://booru.example"),
        ("HTTPS", True),
        ("JOBS_TRUSTED_PROXIES", 1),
    ],
)
def test_nor_has_one_that_is_debugged_where_others_reach_it(browser, settings, name, value):
    """Their links let whoever sees them into the Owner's account."""
    setattr(settings, name, value)
    assert browser().get("/mail_previews/password_reset").status_code == 404


@pytest.mark.usefixtures("debug")
@pytest.mark.parametrize("name", PREVIEWS)
def test_each_shows_html_text_and_headers_even_on_an_empty_site(browser, name):
    page = browser().get(f"/mail_previews/{name}").content.decode()
    assert page.count(f'src="/mail_previews/{name}/html"') == 2
    assert "Message-ID" in page
    assert "X-Danbooru-User" in page or name == "dmca_complaint"
    html = browser().get(f"/mail_previews/{name}/html")
    assert html["X-Frame-Options"] == "SAMEORIGIN"
    assert html["Content-Security-Policy"].startswith("sandbox ")
    assert '<base target="_blank">' in html.content.decode()
    assert not SentMail.objects.exists()
    assert not BackgroundJob.objects.exists()
    assert not User.objects.exists()


@pytest.mark.usefixtures("debug")
def test_the_list_names_every_email_with_its_subject(browser):
    page = browser().get("/mail_previews").content.decode()
    for name in PREVIEWS:
        assert f'href="/mail_previews/{name}"' in page
    assert "Verify login from new location" in page


@pytest.mark.usefixtures("debug")
def test_it_is_the_owners_or_that_of_whom_one_asks_for(browser):
    UserFactory(name="an_owner", level=Level.OWNER)
    bob = UserFactory(name="bob")
    assert "Hi an owner," in browser().get("/mail_previews/dmail_notice").content.decode()
    page = browser().get(f"/mail_previews/dmail_notice?id={bob.pk}").content.decode()
    assert "Hi bob," in page
    assert f'href="/mail_previews/welcome_user?id={bob.pk}"' in page
    for user_id in ("0", "x", "-1", "9" * 30):
        assert browser().get(f"/mail_previews/dmail_notice?id={user_id}").status_code == 404


@pytest.mark.usefixtures("debug")
def test_the_last_message_and_the_last_pending_login_are_shown(browser):
    bob = UserFactory()
    for title in ("First", "Second"):
        DmailFactory(to_user=bob, title=title)
    UserEvent.objects.create(
        user=bob, category=UserEvent.Category.LOGIN_PENDING_VERIFICATION, user_agent="Netscape"
    )
    page = browser().get(f"/mail_previews/dmail_notice?id={bob.pk}").content.decode()
    assert "Second" in page
    assert "First" not in page
    assert "Netscape" in browser().get(f"/mail_previews/login_verification?id={bob.pk}").content.decode()


@pytest.mark.usefixtures("debug")
def test_no_preview_lets_anybody_into_the_account(browser):
    owner = UserFactory(level=Level.OWNER, backup_codes=[87654321])
    EmailAddressFactory(user=owner)
    page = browser().get("/mail_previews/password_reset").content.decode()
    token = page.partition("user%5Bsigned_id%5D=")[2].split()[0]
    assert tokens.password_reset_user_id(token) == owner.pk
    assert not tokens.resets_password(owner, token)
    assert "87654321" not in browser().get("/mail_previews/send_backup_code").content.decode()
    owner.refresh_from_db()
    assert owner.check_password("password")
