"""The headers, one by one, and the rules that make them safe (behaviour G.2)."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime

import pytest

from booru.models import User
from jobs.engine.context import RequestContext
from jobs.engine.models import BackgroundJob
from mailers.content import tokens
from mailers.content.headers import Headers

BOB = User(pk=5, name="bob")
NOBODY = RequestContext()
CONTEXT = RequestContext(
    request_id="req-1",
    method="POST",
    url="https://booru.example/users?password=[FILTERED]",
    user_id=None,
    ip_addr="203.0.113.7",
    session="d1ge57",
)
JOB = BackgroundJob(
    id=uuid.UUID("0197a000-0000-7000-8000-000000000001"),
    enqueued_at=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
)


def test_every_header_of_an_email_from_a_request_through_a_job() -> None:
    assert Headers(
        BOB, CONTEXT, JOB, {"X-Danbooru-Dmail": "https://booru.example/dmails/9"}
    ).on_the_wire() == {
        "Message-ID": "<0197a000-0000-7000-8000-000000000001@booru.example>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": (
            "<https://booru.example/maintenance/user/email_notification?user_id=5&sig="
            + tokens.sign("unsubscribe", 5)
            + ">"
        ),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "X-Danbooru-User": "bob <https://booru.example/users/5>",
        "X-Danbooru-URL": "POST https://booru.example/users?password=[FILTERED]",
        "X-Request-Id": "req-1",
        "X-Danbooru-IP": "203.0.113.7",
        "X-Danbooru-Session": "d1ge57",
        "X-Danbooru-Job-Id": "0197a000-0000-7000-8000-000000000001",
        "X-Danbooru-Enqueued-At": "2026-01-02T03:04:05.678Z",
        "X-Danbooru-Dmail": "https://booru.example/dmails/9",
    }


def test_without_request_and_job_there_is_nothing_said_of_them() -> None:
    assert set(Headers(BOB, NOBODY).values()) == {
        "Message-ID",
        "Auto-Submitted",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "X-Danbooru-User",
    }


def test_an_email_to_nobody_in_particular_tells_nothing_of_users_and_requests() -> None:
    assert set(Headers(None, CONTEXT, JOB).values()) == {
        "Message-ID",
        "Auto-Submitted",
        "X-Danbooru-Job-Id",
        "X-Danbooru-Enqueued-At",
    }


def test_message_id_is_the_jobs_id_and_repeats() -> None:
    assert Headers(BOB, NOBODY, JOB).message_id == Headers(BOB, CONTEXT, JOB).message_id
    assert Headers(BOB, NOBODY, JOB).message_id == f"<{JOB.pk}@booru.example>"


def test_message_id_without_a_job_is_random() -> None:
    first, second = Headers(BOB, NOBODY).message_id, Headers(BOB, NOBODY).message_id
    assert first != second
    assert re.fullmatch(r"<[0-9a-f-]{36}@booru\.example>", first)


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("http://localhost:8000", "localhost"),
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://[::1]:8000", "[IPv6:::1]"),
        ("https://böoru.example", "xn--boru-5qa.example"),
    ],
)
def test_message_id_has_the_host_as_a_domain(url: str, domain: str, settings) -> None:
    settings.DANBOORU_CANONICAL_URL = url
    assert Headers(BOB, NOBODY, JOB).message_id == f"<{JOB.pk}@{domain}>"


@pytest.mark.parametrize(
    ("requested_by", "shown"),
    [(None, True), (BOB.pk, True), (BOB.pk + 1, False)],
    ids=["a visitor", "the recipient", "another user"],
)
def test_ip_and_session_of_another_user_are_kept_from_the_recipient(
    requested_by: int | None, shown: bool
) -> None:
    context = RequestContext(**{**CONTEXT.to_json(), "user_id": requested_by})
    headers = Headers(BOB, context, JOB).values()
    assert ("X-Danbooru-IP" in headers) is shown
    assert ("X-Danbooru-Session" in headers) is shown
    assert headers["X-Request-Id"] == "req-1"
    assert headers["X-Danbooru-URL"].startswith("POST https://")


def test_the_session_is_a_digest_and_secrets_in_the_url_are_filtered(rf) -> None:
    request = rf.get(
        "/password_reset/edit", {"user[signed_id]": "s3cret", "page": "2", "password": "hunter2"}
    )
    request.session = type("Session", (), {"session_key": "the-session-key"})()
    headers = " ".join(Headers(BOB, RequestContext.from_request(request), JOB).on_the_wire().values())
    assert "page=2" in headers
    for secret in ("s3cret", "hunter2", "the-session-key"):
        assert secret not in headers


@pytest.mark.parametrize("name", ["Bcc", "From", "Message-ID", "X-Evil\r\nBcc", "X-Évil", "X Evil", "X-"])
def test_only_names_that_begin_with_x_can_be_added(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be added to an email"):
        Headers(BOB, NOBODY, JOB, {name: "x"})


@pytest.mark.parametrize("value", ["a\r\nBcc: b@example.com", "a\nb", "a\rb", "a\u2028b", "a\x0bb", "a\0b"])
def test_no_value_holds_a_line_end(value: str) -> None:
    user = User(pk=1, name=value)
    context = RequestContext(request_id=value, method=value, url=value, ip_addr=value, session=value)
    for text in Headers(user, context, JOB, {"X-Danbooru-Dmail": value}).on_the_wire().values():
        assert text.isprintable()


def test_the_log_gets_no_unsubscribe_token() -> None:
    logged = Headers(BOB, CONTEXT, JOB).in_the_log()
    assert logged["List-Unsubscribe"] == "[FILTERED]"
    assert logged["X-Danbooru-User"] == "bob <https://booru.example/users/5>"
