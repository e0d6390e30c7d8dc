"""Where a copyright complaint goes, and that it gets there whatever the mail server does."""

import pytest
from django.core import mail

from booru.models import Dmail, Level, User
from booru.rules.copyright_complaint import DmcaComplaint
from booru.services.moderation.dmca_complaints import Copy, receive_complaint
from jobs.engine.models import BackgroundJob
from jobs.engine.testing import enqueued_jobs, perform_enqueued_jobs
from jobs.mail import MailDeliveryJob
from mailers.models import SentMail
from mailers.sending.delivery_url import OFF
from tests.booru.rules.test_copyright_complaint import VALUES
from tests.support.factories import EmailAddressFactory, PostFactory, UserFactory
from tests.support.unruly_server import Fault, unruly_server

pytestmark = pytest.mark.django_db
SMTP = "mailers.smtp.SmtpBackend"


@pytest.fixture(autouse=True)
def addresses(settings):
    settings.DANBOORU_CANONICAL_URL = "https://booru.example"
    settings.DANBOORU_CHECK_EMAIL_DOMAINS = False


@pytest.fixture
def owner():
    return UserFactory(level=Level.OWNER)


def send(**changes):
    return receive_complaint(DmcaComplaint.from_text({**VALUES, **changes}))


def test_it_is_emailed_at_once_to_us_and_to_whoever_complains(owner):
    assert send() is Copy.SENT
    ours, copy = mail.outbox
    assert (ours.to, copy.to) == (["dmca@booru.example"], ["ada@example.com"])
    assert ours.subject == copy.subject == "DMCA complaint"
    assert "I drew it." in ours.body
    assert not enqueued_jobs(MailDeliveryJob)


def test_the_first_owner_gets_a_message(owner):
    UserFactory(level=Level.OWNER)
    send()
    dmail = Dmail.objects.get()
    assert (dmail.owner, dmail.from_user) == (owner, User.objects.system())
    assert dmail.title == "DMCA Complaint from Ada Artist"
    for value in ("ada@example.com", "1 Example Street", "https://booru.example/posts/2", "I drew it."):
        assert value in dmail.body


@pytest.mark.parametrize(
    "text",
    [
        "[/code] [b]bold[/b]",
        "!post #{post}",
        "[/CODE]",
        "[[wiki]]",
        "[quote]",
        "x" * 10_000,
        "🎨" * 5000,
        ":star: " * 1000,
    ],
)
def test_no_markup_in_it_reaches_the_message(owner, text, client):
    post = PostFactory(rating="e")
    text = text.format(post=post.pk)
    send(proof=text, address=text[:1000], infringing_urls=text, original_urls=text)
    dmail = Dmail.objects.get()
    client.force_login(owner)
    page = client.get(f"/dmails/{dmail.pk}").content.decode()
    assert "<b>bold" not in page
    assert "<strong>bold" not in page
    assert 'href="/wiki_pages/wiki"' not in page
    assert page.count("<pre>") == 8


def test_a_mail_server_that_is_away_loses_nothing(owner, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1
    assert send() is Copy.LATER
    assert Dmail.objects.filter(owner=owner).exists()
    assert len(enqueued_jobs(MailDeliveryJob)) == 2
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    perform_enqueued_jobs(scheduled=True, raise_errors=True)
    assert [message.to for message in mail.outbox] == [["dmca@booru.example"], ["ada@example.com"]]
    assert set(SentMail.objects.values_list("status", flat=True)) == {"sent"}


@pytest.mark.parametrize("refused", ["ours", "the copy", "both"])
def test_a_refusal_for_good_of_one_email_does_not_hold_up_the_other(owner, settings, refused):
    no = Fault("RCPT", "550 5.1.1 No such user")
    faults = {"ours": [no], "the copy": [Fault("", ""), no], "both": [no, no]}[refused]
    with unruly_server(*faults) as server:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
        settings.EMAIL_PORT, settings.SMTP_OPTIONS = server.port, {}
        assert send() is (Copy.SENT if refused == "ours" else Copy.NONE)
    assert len(server.messages) == 2 - faults.count(no)
    assert Dmail.objects.filter(owner=owner).exists()
    assert len(enqueued_jobs(MailDeliveryJob)) == faults.count(no)


def test_an_address_whose_mail_came_back_gets_no_copy(owner):
    EmailAddressFactory(address="ada@example.com", is_deliverable=False)
    assert send() is Copy.NONE
    assert [message.to for message in mail.outbox] == [["dmca@booru.example"]]


def test_while_email_is_off_the_owner_gets_it_all_the_same(owner, settings):
    settings.EMAIL_BACKEND = OFF
    assert send() is Copy.NONE
    assert Dmail.objects.filter(owner=owner).exists()
    assert not BackgroundJob.objects.exists()


def test_without_an_owner_it_is_in_the_emails(caplog):
    assert send() is Copy.SENT
    assert len(mail.outbox) == 2
    assert "No Owner could be told of a copyright complaint" in caplog.text
