"""Which errors are worth another attempt."""

from __future__ import annotations

import smtplib
import socket
import ssl

import pytest
import requests
from anymail.exceptions import AnymailAPIError, AnymailInvalidAddress, AnymailRequestsAPIError

from mailers.temporary import is_temporary


@pytest.mark.parametrize(
    ("error", "temporary"),
    [
        (smtplib.SMTPDataError(451, b"try later"), True),
        (smtplib.SMTPDataError(554, b"spam"), False),
        (smtplib.SMTPConnectError(421, b"too busy"), True),
        (smtplib.SMTPAuthenticationError(454, b"later"), True),
        (smtplib.SMTPAuthenticationError(535, b"wrong"), False),
        (smtplib.SMTPSenderRefused(452, b"full", "a@example.com"), True),
        (smtplib.SMTPRecipientsRefused({"a@example.com": (450, b"greylisted")}), True),
        (smtplib.SMTPRecipientsRefused({"a@example.com": (550, b"unknown")}), False),
        (smtplib.SMTPNotSupportedError("no AUTH"), False),
        (socket.gaierror(socket.EAI_AGAIN, "no answer"), True),
        (socket.gaierror(socket.EAI_NONAME, "no such host"), False),
        (OSError(101, "Network is unreachable"), True),
        (OSError(28, "No space left on device"), False),
        (ssl.SSLEOFError("closed"), True),
        (ssl.SSLCertVerificationError("self-signed"), False),
        (requests.ConnectionError(), True),
        (type("Both", (AnymailRequestsAPIError, requests.Timeout), {})("Error posting"), True),
        (AnymailAPIError(status_code=429), True),
        (AnymailAPIError(status_code=503), True),
        (AnymailAPIError(status_code=401), False),
        (AnymailInvalidAddress("no"), False),
        (ValueError("a bug"), False),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_errors(error: Exception, temporary: bool) -> None:
    assert is_temporary(error) is temporary
