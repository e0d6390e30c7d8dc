"""Reports as providers post them, from their documentation: a function a provider."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.test import Client

SECRET = "provider:a long random text"
KEY = "signing-key"
ADDRESS = "https://booru.example/webhooks/mail/mandrill/tracking/"


@dataclass(frozen=True)
class Post:
    """A request of a provider's, signed as it signs."""

    provider: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    def send(self, client: Client, secret: str = SECRET) -> HttpResponse:
        """As HTTP Basic authentication when there is a secret."""
        headers = dict(self.headers)
        if secret:
            headers["Authorization"] = "Basic " + b64encode(secret.encode()).decode()
        path = f"/webhooks/mail/{self.provider}/tracking/"
        return client.generic(
            "POST",
            path,
            self.body,
            self.content_type,
            headers=headers,
            SERVER_NAME="booru.example",
            secure=True,
        )


def _json(provider: str, body: Any, **headers: str) -> Post:
    return Post(
        provider, json.dumps(body).encode(), {name.replace("_", "-"): headers[name] for name in headers}
    )


def _hmac(body: bytes) -> str:
    return hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()


_MAILGUN: dict[str, dict[str, Any]] = {
    "delivered": {"event": "delivered", "delivery-status": {"code": 250, "message": "OK"}},
    "deferred": {"event": "failed", "severity": "temporary", "reason": "generic", "delivery-status": None},
    "bounced": {
        "event": "failed",
        "severity": "permanent",
        "reason": "bounce",
        "delivery-status": {"code": 550, "message": "5.1.1 The email account does not exist"},
    },
    "soft_bounced": {
        "event": "failed",
        "severity": "permanent",
        "reason": "generic",
        "delivery-status": {"code": 552, "message": "5.2.2 Over quota"},
    },
    "complained": {"event": "complained"},
    "unsubscribed": {"event": "unsubscribed"},
    "rejected": {"event": "rejected", "reject": {"reason": "Sandbox subdomains are for test purposes only"}},
    "opened": {"event": "opened", "client-info": {"user-agent": "Mozilla"}},
}


def mailgun(kind: str, message_id: str, metadata: dict[str, str]) -> Post:
    at, token = str(int(time.time())), "t" * 50
    signature = hmac.new(KEY.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()
    event = {
        "id": "CPgfbmQMTCKtHW6uIWtuVe",
        "timestamp": 1529704976.104692,
        "recipient": "somebody@example.com",
        "message": {"headers": {"message-id": message_id.strip("<>"), "subject": "Test"}},
        "user-variables": metadata,
        "tags": ["dmail_notice"],
        **_MAILGUN[kind],
    }
    signed = {"timestamp": at, "token": token, "signature": signature}
    return _json("mailgun", {"signature": signed, "event-data": event})


_POSTMARK: dict[str, dict[str, Any]] = {
    "delivered": {"RecordType": "Delivery", "DeliveredAt": "2026-11-05T16:33:54.9070259Z"},
    "deferred": {"RecordType": "Bounce", "Type": "Transient", "BouncedAt": "2026-11-05T16:33:54.9070259Z"},
    "bounced": {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "BouncedAt": "2026-11-05T16:33:54.9070259Z",
        "Description": "The server was unable to deliver your message",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
    },
    "soft_bounced": {"RecordType": "Bounce", "Type": "SoftBounce", "Details": "Mailbox full"},
    "complained": {"RecordType": "SpamComplaint", "Type": "SpamComplaint"},
    "unsubscribed": {
        "RecordType": "SubscriptionChange",
        "SuppressSending": True,
        "SuppressionReason": "ManualSuppression",
        "ChangedAt": "2026-02-01T10:53:34.416071Z",
    },
    "opened": {"RecordType": "Open", "ReceivedAt": "2026-02-01T10:53:34Z", "UserAgent": "Mozilla"},
}


def postmark(kind: str, message_id: str, metadata: dict[str, str]) -> Post:
    body = {
        "MessageID": message_id,
        "Metadata": metadata,
        "Tag": "dmail_notice",
        "Email": "somebody@example.com",
    }
    return _json("postmark", body | _POSTMARK[kind])


_SENDGRID: dict[str, dict[str, Any]] = {
    "delivered": {"event": "delivered", "response": "250 OK"},
    "deferred": {"event": "deferred", "response": "400 try again later", "attempt": "5"},
    "bounced": {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user"},
    "soft_bounced": {"event": "bounce", "type": "blocked", "reason": "blocked by the receiving server"},
    "complained": {"event": "spamreport"},
    "unsubscribed": {"event": "unsubscribe"},
    "opened": {"event": "open", "useragent": "Mozilla", "ip": "255.255.255.255"},
}


def sendgrid(kind: str, message_id: str, metadata: dict[str, str]) -> Post:
    event = {
        "email": "somebody@example.com",
        "timestamp": 1461095246,
        "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "sg_event_id": "ZyjAM5rnQmuI1KFInHQ3Nw",
        "sg_message_id": "hYRRZwYcRM2mXhyOLdP8Fg.filter1.1.5716A5B5B.0",
        "anymail_id": message_id,
        "category": ["dmail_notice"],
        **metadata,
        **_SENDGRID[kind],
    }
    return _json("sendgrid", [event])


_BREVO: dict[str, dict[str, Any]] = {
    "delivered": {"event": "delivered"},
    "deferred": {"event": "deferred", "reason": "550 RP-001 (BAY004-MC1F56) greylisted"},
    "bounced": {"event": "hard_bounce", "reason": "server is down"},
    "soft_bounced": {
        "event": "soft_bounce",
        "reason": "undefined Unable to find MX of domain no-mx.example.com",
    },
    "complained": {"event": "spam"},
    "unsubscribed": {"event": "unsubscribe"},
    "rejected": {"event": "blocked", "reason": "blocked : due to blacklist user"},
    "opened": {"event": "unique_opened"},
}


def brevo(kind: str, message_id: str, metadata: dict[str, str]) -> Post:
    body = {
        "email": "somebody@example.com",
        "date": "2018-03-06 11:10:23",
        "ts": 1520331023,
        "ts_epoch": 1520363423000,
        "message-id": message_id,
        "tags": ["dmail_notice"],
        "X-Mailin-custom": json.dumps(metadata),
    }
    return _json("brevo", body | _BREVO[kind])


_SES: dict[str, dict[str, Any]] = {
    "delivered": {
        "eventType": "Delivery",
        "delivery": {"recipients": ["somebody@example.com"], "smtpResponse": "250 2.0.0 Ok"},
    },
    "bounced": {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [
                {"emailAddress": "somebody@example.com", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
            ],
        },
    },
    "soft_bounced": {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": "Transient",
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": "somebody@example.com"}],
        },
    },
    "complained": {
        "eventType": "Complaint",
        "complaint": {
            "complainedRecipients": [{"emailAddress": "somebody@example.com"}],
            "complaintFeedbackType": "abuse",
        },
    },
    "opened": {"eventType": "Open", "open": {"userAgent": "Mozilla"}},
}


def amazon_ses(kind: str, message_id: str, metadata: dict[str, str]) -> Post:
    mail = {
        "messageId": message_id,
        "destination": ["somebody@example.com"],
        "headers": [{"name": "X-Metadata", "value": json.dumps(metadata)}, {"name": "X-Tag", "value": "x"}],
    }
    body = {
        "Type": "Notification",
        "MessageId": "19ba9823-d7f2-53c1-860e-cb10e0d13dfc",
        "TopicArn": "arn:aws:sns:us-east-1:1234567890:SES_Events",
        "Subject": "Amazon SES Email Event Notification",
        "Message": json.dumps({"mail": mail, **_SES[kind]}),
        "Timestamp": "2018-03-26T17:58:59.675Z",
    }
    return _json(
        "amazon_ses", body, X_Amz_Sns_Message_Type="Notification", X_Amz_Sns_Message_Id=body["MessageId"]
    )


_MAILJET: dict[str, dict[str, Any]] = {
    "delivered": {"event": "sent", "smtp_reply": "sent (250 2.0.0 OK)"},
    "deferred": {"event": "bounce", "error": "greylisted", "hard_bounce": False, "blocked": False},
    "bounced": {"event": "bounce", "error": "user unknown", "hard_bounce": True, "blocked": False},
    "soft_bounced": {"event": "bounce", "error": "quota exceeded", "hard_bounce": False, "blocked": False},
    "complained": {"event": "spam", "source": "JMRPP"},
    "unsubscribed": {"event": "unsub", "mj_list_id": 1},
    "rejected": {"event": "blocked", "error": "preblocked", "error_related_to": "Mailjet"},
    "opened": {"event": "open", "agent": "Mozilla"},
}


def mailjet(kind: str, message_id: str, metadata: dict[str, str]) -> Post:
    body = {
        "time": 1498093527,
        "MessageID": message_id,
        "email": "somebody@example.com",
        "Payload": json.dumps(metadata),
    }
    return _json("mailjet", [body | _MAILJET[kind]])


_MAILERSEND: dict[str, tuple[str, dict[str, Any] | None]] = {
    "delivered": ("delivered", None),
    "bounced": ("hard_bounced", {"object": "recipient_bounce", "reason": "Host or domain name not found"}),
    "soft_bounced": ("soft_bounced", {"object": "recipient_bounce", "reason": "Unknown reason"}),
    "complained": ("spam_complaint", {"object": "spam_complaint"}),
    "unsubscribed": (
        "unsubscribed",
        {"object": "recipient_unsubscribe", "readable_reason": "I did not sign up"},
    ),
    "opened": ("opened", {"object": "open", "ip": "10.10.10.10"}),
}


def mailersend(kind: str, message_id: str, metadata: dict[str, str]) -> Post:
    name, morph = _MAILERSEND[kind]
    email = {"message": {"id": message_id}, "recipient": {"email": "somebody@example.com"}, "tags": ["x"]}
    data = {"object": "activity", "type": name, "created_at": "2026-03-24T00:00:00.000000Z", "email": email}
    body = json.dumps({"type": f"activity.{name}", "data": {**data, "morph": morph}}).encode()
    return Post("mailersend", body, {"Signature": _hmac(body)})


_MAILTRAP: dict[str, dict[str, Any]] = {
    "delivered": {"event": "delivery"},
    "deferred": {"event": "soft bounce", "response": "mailbox full", "bounce_category": "full"},
    "bounced": {"event": "bounce", "response": "550 5.1.1 no such user", "response_code": 550},
    "complained": {"event": "spam"},
    "unsubscribed": {"event": "unsubscribe"},
    "rejected": {"event": "reject", "reason": "recipient in suppression list"},
    "opened": {"event": "open", "user_agent": "Mozilla"},
}


def mailtrap(kind: str, message_id: str, metadata: dict[str, str]) -> Post:
    event = {
        "message_id": message_id,
        "sending_stream": "transactional",
        "email": "somebody@example.com",
        "timestamp": 1719923233,
        "event_id": "b26fe6b2-4a9d-4d2a-a2c9-7e3a1b5c9d10",
        "custom_variables": metadata,
        **_MAILTRAP[kind],
    }
    body = json.dumps({"events": [event]}).encode()
    return Post("mailtrap", body, {"Mailtrap-Signature": _hmac(body)})


_MANDRILL: dict[str, dict[str, Any]] = {
    "deferred": {"event": "deferral", "diag": "451 4.3.5 Temporarily unavailable, try again later."},
    "bounced": {"event": "hard_bounce", "diag": "smtp;550 5.1.1 The email account does not exist."},
    "soft_bounced": {"event": "soft_bounce", "diag": "smtp;550 5.2.2 Mailbox full"},
    "complained": {"event": "spam"},
    "unsubscribed": {"event": "unsub"},
    "opened": {"event": "open", "user_agent": "Mozilla"},
}


def mandrill(kind: str, message_id: str, metadata: dict[str, str]) -> Post:
    details = dict(_MANDRILL[kind])
    message = {
        "email": "somebody@example.com",
        "metadata": metadata,
        "tags": ["x"],
        "diag": details.pop("diag", ""),
    }
    params = {
        "mandrill_events": json.dumps([{"_id": message_id, "ts": 1461095211, "msg": message, **details}])
    }
    signed = ADDRESS + "".join(f"{name}{params[name]}" for name in sorted(params))
    signature = b64encode(hmac.new(KEY.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    body = urlencode(params).encode()
    return Post("mandrill", body, {"X-Mandrill-Signature": signature}, "application/x-www-form-urlencoded")


_RESEND: dict[str, tuple[str, dict[str, Any]]] = {
    "delivered": ("email.delivered", {}),
    "deferred": ("email.delivery_delayed", {}),
    "bounced": (
        "email.bounced",
        {"bounce": {"message": "The server sent a hard bounce message", "type": "Permanent"}},
    ),
    "soft_bounced": (
        "email.bounced",
        {"bounce": {"message": "The server sent a general bounce message", "type": "Transient"}},
    ),
    "complained": ("email.complained", {}),
    "opened": ("email.opened", {}),
}


def resend(kind: str, message_id: str, metadata: dict[str, str]) -> Post:
    name, details = _RESEND[kind]
    headers = [{"name": "X-Metadata", "value": json.dumps(metadata)}]
    data = {"email_id": message_id, "to": ["somebody@example.com"], "headers": headers, **details}
    return _json(
        "resend", {"type": name, "created_at": "2026-11-22T23:41:12.126Z", "data": data}, svix_id="msg_1"
    )


_SPARKPOST: dict[str, dict[str, Any]] = {
    "delivered": {"type": "delivery"},
    "deferred": {"type": "delay", "bounce_class": "21", "raw_reason": "454 4.4.4 [internal] no MX"},
    "bounced": {"type": "bounce", "bounce_class": "10", "raw_reason": "550 [internal] no such recipient"},
    "soft_bounced": {"type": "bounce", "bounce_class": "22", "raw_reason": "550 [internal] mailbox is full"},
    "complained": {"type": "spam_complaint", "fbtype": "abuse"},
    "unsubscribed": {"type": "list_unsubscribe"},
    "rejected": {"type": "policy_rejection", "bounce_class": "25", "raw_reason": "550 5.7.1 policy"},
    "opened": {"type": "open", "user_agent": "Mozilla"},
}


def sparkpost(kind: str, message_id: str, metadata: dict[str, str]) -> Post:
    event = {
        "timestamp": "1454442600",
        "transmission_id": message_id,
        "message_id": "000443ee14578172be22",
        "raw_rcpt_to": "Somebody@example.com",
        "rcpt_meta": metadata,
        **_SPARKPOST[kind],
    }
    return _json("sparkpost", [{"msys": {"message_event": event}}])


_UNISENDER: dict[str, tuple[str, str]] = {
    "delivered": ("delivered", "ok_delivered"),
    "deferred": ("soft_bounced", "err_will_retry"),
    "bounced": ("hard_bounced", "err_user_unknown"),
    "soft_bounced": ("hard_bounced", "err_mailbox_full"),
    "complained": ("spam", "err_spam_rejected"),
    "unsubscribed": ("unsubscribed", ""),
    "opened": ("opened", ""),
}


def unisender_go(kind: str, message_id: str, metadata: dict[str, str]) -> Post:
    status, delivery_status = _UNISENDER[kind]
    data = {
        "job_id": "1sKwbk-000000-nnnn",
        "metadata": {**metadata, "anymail_id": message_id},
        "email": "somebody@example.com",
        "status": status,
        "event_time": "2015-11-30 15:09:42",
        "delivery_info": {"delivery_status": delivery_status},
    }
    event = {"event_name": "transactional_email_status", "event_data": data}
    body = {"auth": KEY, "events_by_user": [{"user_id": 456, "project_id": "1", "events": [event]}]}
    unsigned = json.dumps(body).encode()
    return Post("unisender_go", unsigned.replace(KEY.encode(), hashlib.md5(unsigned).hexdigest().encode()))


PROVIDERS: dict[str, tuple[Callable[[str, str, dict[str, str]], Post], dict[str, Any]]] = {
    "amazon_ses": (amazon_ses, _SES),
    "brevo": (brevo, _BREVO),
    "mailersend": (mailersend, _MAILERSEND),
    "mailgun": (mailgun, _MAILGUN),
    "mailjet": (mailjet, _MAILJET),
    "mailtrap": (mailtrap, _MAILTRAP),
    "mandrill": (mandrill, _MANDRILL),
    "postmark": (postmark, _POSTMARK),
    "resend": (resend, _RESEND),
    "sendgrid": (sendgrid, _SENDGRID),
    "sparkpost": (sparkpost, _SPARKPOST),
    "unisender_go": (unisender_go, _UNISENDER),
}
# Signed with KEY; the others are told by the secret alone.
SIGNED = ("mailersend", "mailgun", "mailtrap", "mandrill", "unisender_go")
KEYS = {
    "MAILERSEND_SIGNING_SECRET": KEY,
    "MAILGUN_WEBHOOK_SIGNING_KEY": KEY,
    "MAILTRAP_TRACKING_SECRET": KEY,
    "MANDRILL_WEBHOOK_KEY": KEY,
    "MANDRILL_WEBHOOK_URL": ADDRESS,
    "UNISENDER_GO_API_KEY": KEY,
}
