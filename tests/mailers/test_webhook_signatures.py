"""Providers that sign their reports with a key pair, which Anymail checks with the package cryptography."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from jobs.engine.testing import perform_enqueued_jobs
from mailers.models import SentMail
from tests.mailers.provider_reports import Post, sendgrid
from tests.support.factories import SentMailFactory

if TYPE_CHECKING:
    from pytest_django import Settings

pytest.importorskip("cryptography")

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),
]


def public_part(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """As Anymail's settings have it: without the lines around it."""
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return "".join(pem.decode().splitlines()[1:-1])


@pytest.fixture(autouse=True)
def host(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["booru.example"]


@pytest.fixture
def sent() -> SentMail:
    mail: SentMail = SentMailFactory(provider_message_id="67890")
    return mail


def is_taken(post: Post, mail: SentMail) -> bool:
    response = post.send(Client(), "")
    perform_enqueued_jobs(raise_errors=True)
    assert response.status_code == (200 if mail.events.exists() else 400)
    return mail.events.exists()


def test_postal(sent: SentMail, settings: Settings) -> None:
    key = rsa.generate_private_key(65537, 2048)
    settings.ANYMAIL = {"POSTAL_WEBHOOK_KEY": public_part(key)}
    message = {"id": 67890, "to": "somebody@example.com", "tag": "dmail_notice", "direction": "outgoing"}
    details = {"output": "550 5.1.1 no such user", "details": "Refused", "status": "HardFail"}
    body = json.dumps(
        {"uuid": "0fcc8906", "timestamp": 1606753101.96, "payload": {"message": message, **details}}
    ).encode()
    signature = b64encode(key.sign(body, padding.PKCS1v15(), hashes.SHA1())).decode()
    post = Post("postal", body, {"X-Postal-Signature": signature})
    assert not is_taken(replace(post, body=body + b" "), sent)
    assert not is_taken(replace(post, headers={}), sent)
    assert is_taken(post, sent)
    sent.refresh_from_db()
    assert sent.status == "bounced"


def test_sendgrid(sent: SentMail, settings: Settings) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    settings.ANYMAIL = {"SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": public_part(key)}
    unsigned, at = sendgrid("delivered", "67890", {}), "1600112492"
    signature = b64encode(key.sign(at.encode() + unsigned.body, ec.ECDSA(hashes.SHA256()))).decode()
    names = ("X-Twilio-Email-Event-Webhook-Signature", "X-Twilio-Email-Event-Webhook-Timestamp")
    post = replace(unsigned, headers=dict(zip(names, (signature, at), strict=True)))
    assert not is_taken(replace(post, headers=dict(zip(names, (signature, "1"), strict=True))), sent)
    assert not is_taken(replace(post, headers=dict(zip(names, ("AAAA", at), strict=True))), sent)
    assert not is_taken(unsigned, sent)
    assert is_taken(post, sent)
