"""The form of copyright complaints."""

import pytest
from django.core import mail

from booru.models import Dmail, Level
from mailers.models import SentMail
from tests.booru.rules.test_copyright_complaint import VALUES
from tests.support import database_clock
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db
FIELDS = {f"dmca[{name}]": value for name, value in VALUES.items()}


@pytest.fixture(autouse=True)
def site(settings):
    settings.DANBOORU_CHECK_EMAIL_DOMAINS = False


def test_the_form_says_where_else_one_can_write(browser, settings):
    settings.DANBOORU_CANONICAL_URL = "https://booru.example"
    page = browser().get("/dmca").content.decode()
    assert "mailto:dmca@booru.example" in page
    assert 'name="dmca[perjury_agree]"' in page


def test_a_complaint_is_sent_and_said_to_be(browser):
    owner = UserFactory(level=Level.OWNER)
    response = browser().post("/dmca", FIELDS, follow=True)
    assert response.redirect_chain == [("/dmca", 302)]
    expected = "Your complaint was received. A copy was emailed to ada@example.com"
    assert expected in response.content.decode()
    assert len(mail.outbox) == 2
    assert Dmail.objects.get().owner == owner


def test_both_emails_can_be_traced_to_the_request(browser):
    response = browser().post("/dmca", FIELDS)
    requests = SentMail.objects.values_list("request_id", flat=True)
    assert list(requests) == [response["X-Request-Id"]] * 2


def test_a_program_gets_what_it_sent(browser):
    response = browser().post("/dmca.json", {"dmca": VALUES}, "application/json")
    assert response.status_code == 201
    assert response.json()["infringing_urls"] == VALUES["infringing_urls"].split()


def test_what_is_missing_is_said_and_nothing_is_sent(browser):
    response = browser().post("/dmca", {**FIELDS, "dmca[proof]": "", "dmca[perjury_agree]": ""})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Proof can&#x27;t be blank" in page
    assert "Statement under penalty of perjury must be accepted" in page
    assert "1 Example Street" in page
    assert not mail.outbox
    assert not Dmail.objects.exists()
    answer = browser().post("/dmca.json", {"dmca": {}}, "application/json")
    assert answer.status_code == 422
    assert answer.json()["errors"]["email"] == ["can't be blank"]


def test_a_mail_server_that_is_away_is_told(browser, settings):
    settings.EMAIL_BACKEND = "mailers.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    UserFactory(level=Level.OWNER)
    response = browser().post("/dmca", FIELDS, follow=True)
    expected = "The copy to ada@example.com could not be emailed now; we will try again"
    assert expected in response.content.decode()
    assert Dmail.objects.exists()


@pytest.mark.parametrize(
    "value", ["Ada\r\nBcc: all@example.com", "Ada\nSubject: Hi", "\u202eadA", "アリス🎨"]
)
def test_no_header_can_be_written_with_it(browser, value):
    UserFactory(level=Level.OWNER)
    browser().post("/dmca", {**FIELDS, "dmca[name]": value, "dmca[signature]": value})
    for message in mail.outbox:
        assert {name.lower() for name in message.message()} <= {
            *("content-type", "mime-version", "subject", "from", "to", "date", "message-id"),
            *("auto-submitted", "x-danbooru-job-id", "x-danbooru-enqueued-at"),
        }
        assert message.message()["Subject"] == "DMCA complaint"
    (title,) = Dmail.objects.values_list("title", flat=True)
    assert title == f"DMCA Complaint from {' '.join(value.split())}"
    assert len(mail.outbox) == 2


def test_a_network_can_send_three_in_a_row(browser, settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    answers = []
    for number in range(4):
        fields = {**FIELDS, "dmca[email]": f"ada{number}@example.com"}
        answers.append(browser().post("/dmca", fields).status_code)
    assert answers == [302, 302, 302, 429]


def test_nobody_is_flooded_with_copies_whoever_asks(client, settings):
    settings.DANBOORU_RATE_LIMITS = True
    database_clock.stand_still()
    answers = []
    for number in range(5):
        fields = {**FIELDS, "dmca[email]": f"ada+{number}@gmail.com"}
        answers.append(client.post("/dmca", fields, REMOTE_ADDR=f"93.184.{number}.1").status_code)
    assert answers == [302, 302, 302, 429, 429]
