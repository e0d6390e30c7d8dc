"""What the log says of requests that nobody means to send."""

import logging
import re

import pytest
from django.core import mail
from django.http import UnreadablePostError
from django.test import Client

from booru.web.login.views import sessions
from jobs.engine.logs import ContextFilter
from tests.support.admins import ADMINS
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db

MULTIPART = "multipart/form-data; boundary=abc"
OPEN = b"--abc\r\nContent-Disposition: form-data; name="


def files(number):
    return (
        b"".join(OPEN + b'"f%d"; filename="a"\r\n\r\nx\r\n' % count for count in range(number))
        + b"--abc--\r\n"
    )


JUNK = {
    "another host": lambda client: client.get("/login", headers={"Host": "evil.example"}),
    "no host name": lambda client: client.get("/login", headers={"Host": "]]<>"}),
    "a body without boundary": lambda client: client.post("/session", b"x", "multipart/form-data"),
    "a boundary of nonsense": lambda client: client.post(
        "/session", b"x", "multipart/form-data; boundary=\xff"
    ),
    "bad base64": lambda client: client.post(
        "/session", OPEN + b'"x"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!a\r\n--abc--', MULTIPART
    ),
    "too many fields": lambda client: client.post("/session", {f"a{number}": 1 for number in range(1500)}),
    "too many files": lambda client: client.post("/session", files(150), MULTIPART),
    "too much": lambda client: client.post(
        "/session", "a=" + "x" * 3_000_000, "application/x-www-form-urlencoded"
    ),
    "too much JSON": lambda client: client.post(
        "/session.json", f'{{"a":"{"x" * 3_000_000}"}}', "application/json"
    ),
    "JSON that is none": lambda client: client.post("/session.json", "{{{", "application/json"),
    "a forged report": lambda client: client.post(
        "/webhooks/mail/postmark/tracking/", "{}", "application/json"
    ),
    "a report that makes no sense": lambda client: client.post(
        "/webhooks/mail/postmark/tracking/",
        "[1]",
        "application/json",
        headers={"Authorization": "Basic dTpw"},
    ),
    "a report for a provider without a key": lambda client: client.post(
        "/webhooks/mail/mailgun/tracking/", "{}", "application/json"
    ),
    "no token": lambda client: Client(enforce_csrf_checks=True).post("/session", {}),
    "a cookie of nonsense": lambda client: client.get(
        "/login", headers={"Cookie": 'sessionid="\\000; messages=W1si.x; csrftoken=<>; =;;'}
    ),
    "a path with line ends": lambda client: client.get("/%0d%0aERROR%20fake%e2%80%a8%1b[31m"),
    "an address off the site": lambda client: client.get("/login?url=//evil.example"),
    "what is not there": lambda client: client.get("/no/such/page"),
    "a method that is none": lambda client: client.generic("BREW", "/login"),
}


@pytest.fixture(autouse=True)
def told(caplog, settings):
    settings.ADMINS = ADMINS
    settings.ANYMAIL = {"WEBHOOK_SECRET": ["u:p"]}
    caplog.handler.addFilter(ContextFilter())
    caplog.set_level(logging.INFO)
    yield
    caplog.handler.filters.clear()


@pytest.mark.parametrize("junk", JUNK)
def test_it_is_one_line_at_most_at_warning_with_the_requests_id(caplog, junk):
    response = JUNK[junk](Client(raise_request_exception=False))
    assert response.status_code < 500
    about = [record for record in caplog.records if record.name.startswith(("django", "mailers"))]
    assert about or response.status_code == 200 or junk == "JSON that is none"
    for record in about:
        assert record.levelno <= logging.WARNING
        assert not record.exc_info
        assert record.request_id == response["X-Request-Id"]
        assert record.getMessage().isprintable()
    assert "Traceback" not in caplog.text
    assert mail.outbox == []


def test_a_client_that_has_gone_is_no_error_of_ours(caplog, monkeypatch):
    def gone(*_args):
        raise UnreadablePostError("Connection reset by peer")

    monkeypatch.setattr(sessions.LoginForm, "from_request", gone)
    response = Client(raise_request_exception=False).post("/session", {})
    assert response.status_code == 400
    assert {(record.levelname, record.exc_info) for record in caplog.records} == {("WARNING", None)}


def test_an_error_of_ours_is_told_whole_and_mailed(caplog, monkeypatch):
    UserFactory()

    def broken(*_args):
        raise RuntimeError("broken")

    monkeypatch.setattr(sessions.LoginForm, "from_request", broken)
    Client(raise_request_exception=False).post("/session", {})
    (record,) = (record for record in caplog.records if record.levelno >= logging.ERROR)
    assert record.exc_info
    assert re.search("broken", mail.outbox[0].body)
