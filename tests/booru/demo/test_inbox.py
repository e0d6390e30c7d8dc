import json
import smtplib
from email.message import EmailMessage
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from booru.demo.inbox import running_inbox
from mailers.sending.delivery_url import delivery_settings

HTML = "<p>Read <a href='https://booru.test/dmails/1'>it</a></p><script>alert(1)</script>"


@pytest.fixture
def inbox():
    with running_inbox("http://booru.test") as inbox:
        yield inbox


def send(inbox, subject="Tea at <five>?", html=HTML):
    message = EmailMessage()
    message["From"] = "Danbooru <notifications@booru.test>"
    message["To"] = "max@example.com"
    message["Subject"] = subject
    message["X-Request-Id"] = "request-42"
    message.set_content("Plain & simple ☕")
    if html:
        message.add_alternative(html, subtype="html")
    settings = delivery_settings(inbox.delivery_url)
    assert settings.smtp_options["starttls"] == "never"
    with smtplib.SMTP(settings.host, settings.port) as client:
        client.send_message(message, from_addr="bounces@booru.test")


def get(url, **headers):
    # No proxy between this machine and itself.
    try:
        with build_opener(ProxyHandler({})).open(Request(url, headers=headers)) as response:
            return response.status, response.headers, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def test_an_empty_inbox_says_so(inbox):
    status, _, page = get(inbox.url)
    assert status == HTTPStatus.OK
    assert "Nothing yet" in page
    assert 'href="http://booru.test"' in page


def test_a_mail_sent_over_smtp_is_listed_and_found_by_its_header(inbox):
    send(inbox)
    _, _, page = get(inbox.url)
    assert "1 mail<" in page
    assert "Tea at &lt;five&gt;?" in page
    assert "max@example.com" in page
    mail = inbox.mailbox.with_header("X-Request-Id", "request-42")
    assert mail.sender == "bounces@booru.test"
    assert mail.text == "Plain & simple ☕\n"
    assert inbox.mailbox.with_header("X-Request-Id", "other") is None


def test_a_mails_page_has_text_headers_and_source(inbox):
    send(inbox)
    status, headers, page = get(f"{inbox.url}/mails/1")
    assert status == HTTPStatus.OK
    assert "Plain &amp; simple ☕" in page
    assert "X-Request-Id" in page
    assert "request-42" in page
    assert '<iframe src="/mails/1/html" sandbox="' in page
    assert "<script>" not in page
    assert "script-src" not in headers["Content-Security-Policy"]
    _, headers, source = get(f"{inbox.url}/mails/1/source")
    assert headers.get_content_type() == "text/plain"
    assert "X-Request-Id: request-42" in source


def test_the_html_of_a_mail_may_not_run_scripts(inbox):
    send(inbox)
    _, headers, html = get(f"{inbox.url}/mails/1/html")
    assert HTML in html
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy


def test_a_mail_without_html_is_shown_too(inbox):
    send(inbox, html="")
    _, _, page = get(f"{inbox.url}/mails/1")
    assert "iframe" not in page.partition("<main>")[2]


def test_broken_mails_do_no_harm(inbox):
    settings = delivery_settings(inbox.delivery_url)
    for raw in (
        b"",
        b"no header\xff\xfe",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff",
        b"Subject: \xff\r\n\r\nx",
    ):
        with smtplib.SMTP(settings.host, settings.port) as client:
            client.sendmail("a@b.test", ["c@d.test"], raw)
    assert get(inbox.url)[0] == HTTPStatus.OK
    for number in range(1, 5):
        for part in ("", "/html", "/source"):
            assert get(f"{inbox.url}/mails/{number}{part}")[0] == HTTPStatus.OK


def test_programs_get_json(inbox):
    send(inbox, subject="one")
    send(inbox, subject="two")
    _, _, body = get(f"{inbox.url}/mails.json")
    assert [(mail["number"], mail["subject"]) for mail in json.loads(body)] == [(2, "two"), (1, "one")]


@pytest.mark.parametrize("path", ["/mails/7", "/mails/x", "/favicon.ico", "/../etc/passwd"])
def test_other_addresses_lead_back_to_the_list(inbox, path):
    status, _, page = get(inbox.url + path)
    assert status == HTTPStatus.NOT_FOUND
    assert 'href="/"' in page


def test_a_site_that_pretends_to_be_this_machine_gets_nothing(inbox):
    send(inbox)
    status, _, page = get(inbox.url, Host="evil.example:80")
    assert status == HTTPStatus.FORBIDDEN
    assert "max@example.com" not in page
