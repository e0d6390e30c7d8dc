"""Providers' reports, posted as they post them: with right and wrong signatures, sense and nonsense."""

from __future__ import annotations

import json
import pkgutil
from dataclasses import replace
from typing import TYPE_CHECKING

import anymail.webhooks
import pytest
from anymail.exceptions import AnymailImproperlyInstalled, _LazyError
from django.test import Client

from jobs.engine.testing import enqueued_jobs, perform_enqueued_jobs
from jobs.mail import MailReportsJob
from mailers.models import SentMail, SentMailStatus
from mailers.user_mailer import UserMailer
from mailers.webhooks import VIEWS
from tests.mailers.people import make_user
from tests.mailers.provider_reports import (
    KEYS,
    PROVIDERS,
    SECRET,
    SIGNED,
    amazon_ses,
    mailgun,
    postmark,
)
from tests.support.factories import SentMailFactory

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [
    pytest.mark.django_db,
    # Its warning that nobody tests SendGrid any more.
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),
]
KINDS = [(provider, kind) for provider, (_, kinds) in PROVIDERS.items() for kind in kinds]
ALL = sorted(PROVIDERS)


@pytest.fixture(autouse=True)
def configured(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALLOWED_HOSTS = ["booru.example"]
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET], **KEYS}
    # What boto3 would be asked for, which reads no report.
    monkeypatch.setattr("anymail.webhooks.amazon_ses._get_anymail_boto3_params", lambda kwargs: ({}, {}))


@pytest.fixture
def sent() -> SentMail:
    mail: SentMail = SentMailFactory(provider_message_id="5cd8c6f1", user__receive_email_notifications=True)
    return mail


def events(mail: SentMail) -> list[str]:
    return list(mail.events.values_list("status", flat=True))


@pytest.mark.parametrize(("provider", "kind"), KINDS)
def test_a_report_moves_the_email_on(provider: str, kind: str, sent: SentMail) -> None:
    make, _ = PROVIDERS[provider]
    name = "<5cd8c6f1>" if provider == "mailgun" else "5cd8c6f1"
    SentMail.objects.filter(pk=sent.pk).update(provider_message_id=name)
    assert make(kind, name, {}).send(Client()).status_code == 200
    perform_enqueued_jobs(MailReportsJob, raise_errors=True)
    sent.refresh_from_db()
    is_kept = kind != "opened"
    assert sent.status == (kind if is_kept else "sent")
    assert events(sent) == [kind] * is_kept
    assert sent.user.email_address.is_deliverable is (kind != "bounced")
    assert sent.user.receive_email_notifications is (kind not in {"complained", "unsubscribed"})


@pytest.mark.parametrize("provider", [name for name in ALL if name != "mailersend"])
def test_an_email_is_found_by_the_job_that_the_provider_was_told_of(provider: str) -> None:
    job = UserMailer().welcome_user(make_user("bob", "bob@example.com")).deliver_later()
    mail = SentMailFactory(job_id=job.pk)
    make, _ = PROVIDERS[provider]
    assert make("complained", "unknown", {"job_id": str(job.pk)}).send(Client()).status_code == 200
    perform_enqueued_jobs(MailReportsJob, raise_errors=True)
    mail.refresh_from_db()
    assert mail.status == SentMailStatus.COMPLAINED


@pytest.mark.parametrize("provider", ALL)
def test_without_the_secret_nothing_is_believed(provider: str, sent: SentMail) -> None:
    make, _ = PROVIDERS[provider]
    for secret in ("", "provider:wrong", SECRET.upper()):
        response = make("bounced", sent.provider_message_id, {}).send(Client(), secret)
        # Amazon sends the secret only when it is asked for it.
        assert response.status_code == (401 if provider == "amazon_ses" and not secret else 400)
    assert not enqueued_jobs(MailReportsJob)
    assert events(sent) == []


@pytest.mark.parametrize("provider", SIGNED)
def test_a_wrong_signature_is_refused(
    provider: str, sent: SentMail, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ANYMAIL = {name: "another key" for name in KEYS if name != "MANDRILL_WEBHOOK_URL"}
    make, _ = PROVIDERS[provider]
    post = make("bounced", sent.provider_message_id, {})
    assert post.send(Client(), "").status_code == 400
    assert replace(post, headers={}, body=b"{}").send(Client(), "").status_code == 400
    assert not enqueued_jobs(MailReportsJob)
    assert events(sent) == []
    assert "another key" not in caplog.text


@pytest.mark.parametrize("provider", SIGNED)
def test_a_signature_is_enough(provider: str, sent: SentMail, settings: Settings) -> None:
    settings.ANYMAIL = dict(KEYS)
    make, _ = PROVIDERS[provider]
    name = sent.message_id if provider == "mailgun" else sent.provider_message_id
    assert make("complained", name, {}).send(Client(), "").status_code == 200
    perform_enqueued_jobs(MailReportsJob, raise_errors=True)
    assert events(sent) == ["complained"]


@pytest.mark.parametrize("provider", [name for name in ALL if name not in SIGNED])
def test_a_provider_that_signs_nothing_has_no_address_without_a_secret(
    provider: str, sent: SentMail, settings: Settings
) -> None:
    make, _ = PROVIDERS[provider]
    for secrets in ([], [""]):
        settings.ANYMAIL = {"WEBHOOK_SECRET": list(filter(None, secrets)), **KEYS}
        assert make("bounced", sent.provider_message_id, {}).send(Client()).status_code == 404
    assert not enqueued_jobs(MailReportsJob)
    assert events(sent) == []


@pytest.mark.parametrize("provider", ["mailgun", "mailersend", "unisender_go", "mandrill", "postal"])
def test_a_provider_whose_key_is_not_known_has_no_address(provider: str, settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET]}
    make, _ = PROVIDERS.get(provider, PROVIDERS["postmark"])
    post = replace(make("complained", "x", {}), provider=provider)
    assert post.send(Client()).status_code == 404


def test_a_provider_whose_package_is_missing_has_no_address(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    missing = _LazyError(AnymailImproperlyInstalled("boto3", "amazon-ses"))
    monkeypatch.setattr("anymail.webhooks.amazon_ses._get_anymail_boto3_params", missing)
    assert amazon_ses("delivered", "x", {}).send(Client()).status_code == 404
    assert "django-anymail[amazon-ses]" in caplog.text


def test_one_secret_may_replace_another(sent: SentMail, settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": ["old:secret", "new:secret"]}
    for secret in ("old:secret", "new:secret"):
        assert postmark("delivered", sent.provider_message_id, {}).send(Client(), secret).status_code == 200


NONSENSE = [
    *(b"", b"{", b"[]", b"{}", b"null", b"5", b'"text"', b"[[]]", b"[5]", b"\xff\xfe", b"[" * 50_000),
    b'{"event": 5, "event-data": [], "signature": 5}',
    b'{"RecordType": {}, "Metadata": 5, "MessageID": ["a"]}',
    b'{"events": 5, "type": [], "data": 5, "Type": "Notification", "Message": "5"}',
    b'[{"msys": {"message_event": {"type": []}}}, {"event": {}}]',
    json.dumps({"event": "hard_bounce", "message-id": "a\0b", "X-Mailin-custom": "[5]"}).encode(),
    json.dumps({"RecordType": "Bounce", "MessageID": "\ud800", "Metadata": {"job_id": "\0" * 9}}).encode(),
]


@pytest.mark.parametrize("provider", sorted(VIEWS))
def test_nonsense_is_refused_even_with_the_right_secret(provider: str) -> None:
    post = replace(postmark("delivered", "x", {}), provider=provider)
    for body in NONSENSE:
        assert replace(post, body=body).send(Client()).status_code in {200, 400, 404}, body[:50]
        form = replace(post, body=body, content_type="application/x-www-form-urlencoded")
        assert form.send(Client()).status_code in {200, 400, 404}, body[:50]


def test_other_methods_and_addresses() -> None:
    client = Client(SERVER_NAME="booru.example")
    address = "/webhooks/mail/postmark/tracking/"
    assert client.head(address).status_code == 200
    for method in (client.get, client.put, client.delete):
        assert method(address).status_code in {400, 405}
    for other in ("pigeon", "test", "sendinblue", "amazon_ses/inbound", "a" * 500):
        assert client.post(f"/webhooks/mail/{other}/tracking/").status_code == 404


def test_a_browser_without_a_csrf_token_may_post() -> None:
    client = Client(enforce_csrf_checks=True)
    assert postmark("delivered", "unknown", {}).send(client).status_code == 200


def test_a_secret_never_reaches_the_log(sent: SentMail, caplog: pytest.LogCaptureFixture) -> None:
    post = mailgun("delivered", sent.message_id, {})
    assert replace(post, provider="mandrill", body=b"a=b").send(Client()).status_code == 400
    assert replace(post, provider="amazon_ses", body=b"hunter2").send(Client()).status_code == 400
    assert SECRET.split(":")[1] not in caplog.text
    assert "hunter2" not in caplog.text


def test_every_provider_of_anymail_has_an_address() -> None:
    modules = {module.name for module in pkgutil.iter_modules(anymail.webhooks.__path__)}
    # Sendinblue is Brevo's old name.
    assert set(VIEWS) == modules - {"base", "sendinblue"}
