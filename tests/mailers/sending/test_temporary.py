"""Which errors are worth another attempt, and which are the server's own trouble."""

from __future__ import annotations

import smtplib
import socket
import ssl

import pytest
import requests
from anymail.exceptions import AnymailInvalidAddress, AnymailRequestsAPIError
from urllib3.exceptions import ProtocolError

from mailers.sending.connections import NoConnection
from mailers.sending.dialogue import Unanswered
from mailers.sending.temporary import as_temporary, is_about_the_server, is_temporary


def of_provider(cause: requests.RequestException) -> Exception:
    """As Anymail raises what went wrong on the way to a provider."""
    error: Exception = type("Both", (AnymailRequestsAPIError, type(cause)), {})("Error posting")
    error.__cause__ = cause
    return error


def answer_of_provider(status: int) -> Exception:
    response = requests.Response()
    response.status_code = status
    return AnymailRequestsAPIError("No", response=response)


@pytest.mark.parametrize(
    ("error", "temporary", "about_the_server"),
    [
        (smtplib.SMTPDataError(451, b"try later"), True, False),
        (smtplib.SMTPDataError(421, b"goodbye"), True, True),
        (smtplib.SMTPDataError(554, b"spam"), False, False),
        (smtplib.SMTPDataError(250, b"not now, thank you"), True, False),
        (smtplib.SMTPSenderRefused(-1, b"what?", "a@example.com"), True, True),
        (smtplib.SMTPResponseException(500, "Line too long."), True, True),
        (smtplib.SMTPServerDisconnected("gone"), True, True),
        (smtplib.SMTPSenderRefused(452, b"full", "a@example.com"), True, False),
        (smtplib.SMTPRecipientsRefused({"a@example.com": (450, b"greylisted")}), True, False),
        (smtplib.SMTPRecipientsRefused({"a@example.com": (421, b"goodbye")}), True, True),
        (smtplib.SMTPRecipientsRefused({"a@example.com": (550, b"unknown")}), False, False),
        (smtplib.SMTPNotSupportedError("no SMTPUTF8"), False, False),
        (NoConnection(smtplib.SMTPConnectError(554, b"blocked")), True, True),
        (NoConnection(smtplib.SMTPAuthenticationError(535, b"wrong")), True, True),
        (NoConnection(socket.gaierror(socket.EAI_NONAME, "no such host")), True, True),
        (NoConnection(ssl.SSLCertVerificationError("self-signed")), True, True),
        (socket.gaierror(socket.EAI_AGAIN, "no answer"), True, True),
        (OSError(101, "Network is unreachable"), True, True),
        (OSError(28, "No space left on device"), False, False),
        (ssl.SSLEOFError("closed"), True, True),
        (Unanswered("silence"), True, True),
        (requests.ConnectionError(), True, True),
        (of_provider(requests.ConnectTimeout()), True, True),
        (answer_of_provider(429), True, True),
        (answer_of_provider(503), True, True),
        (answer_of_provider(401), False, False),
        (AnymailInvalidAddress("no"), False, False),
        (ValueError("a bug"), False, False),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_errors(error: Exception, temporary: bool, about_the_server: bool) -> None:
    assert (as_temporary(error) is not None) is temporary
    assert is_about_the_server(error) is about_the_server


def test_what_is_raised_quotes_the_error() -> None:
    error = as_temporary(NoConnection(smtplib.SMTPConnectError(554, "blocked")))
    assert str(error) == "SMTPConnectError: (554, 'blocked')"
    assert str(as_temporary(ssl.SSLError("broken"))) == "SSLError: ('broken',)"
    refused = ConnectionRefusedError("refused")
    assert as_temporary(NoConnection(refused)) is refused


@pytest.mark.parametrize(
    ("error", "unanswered"),
    [
        (of_provider(requests.ReadTimeout()), True),
        (of_provider(requests.ConnectionError(ProtocolError("Connection aborted."))), True),
        (of_provider(requests.exceptions.ChunkedEncodingError()), True),
        (of_provider(requests.ConnectTimeout()), False),
        (of_provider(requests.ConnectionError("refused")), False),
        (TimeoutError("timed out"), False),
    ],
    ids=lambda value: repr(value.__cause__ if isinstance(value, Exception) else value)[:60],
)
def test_a_provider_whose_answer_got_lost_may_have_the_email(error: Exception, unanswered: bool) -> None:
    told = as_temporary(error)
    assert told
    assert isinstance(told, Unanswered) is unanswered
    assert is_temporary(error) or unanswered
