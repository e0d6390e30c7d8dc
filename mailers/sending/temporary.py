"""Which errors pass: those are worth another attempt."""

from __future__ import annotations

import errno
import socket
import ssl
from smtplib import SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

import requests
from anymail.exceptions import AnymailAPIError
from urllib3.exceptions import ProtocolError

from jobs.mail import MailDeliveryJob, TemporaryDeliveryError
from mailers.sending.connections import NoConnection
from mailers.sending.dialogue import Unanswered

_CONNECTION_LOST = (TimeoutError, ConnectionError, ssl.SSLError, SMTPServerDisconnected)
_PASSING = (*_CONNECTION_LOST, requests.Timeout, requests.ConnectionError)
# The network is away, or the name server does not answer.
_PASSING_NUMBERS = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, socket.EAI_AGAIN}
)
# A provider's "too many requests", and the failures of what is in front of it.
_PASSING_HTTP = frozenset({408, 429, 500, 502, 503, 504})
_GOODBYE = 421


def as_temporary(error: Exception) -> Exception | None:
    """The error to raise for one that may pass, so that it is tried again; None for one that will not."""
    if isinstance(error, MailDeliveryJob.retry.on):
        return error
    if isinstance(error, NoConnection):
        return as_temporary(error.cause) or TemporaryDeliveryError(str(error))
    text = f"{type(error).__name__}: {error}"
    if _is_answer_lost(error):
        return Unanswered(text)
    return TemporaryDeliveryError(text) if is_temporary(error) else None


def is_temporary(error: Exception) -> bool:
    """Did the server say "not now", or nothing that can be understood, or did the network fail?

    Only what begins with 5 is a refusal, and only in answer to the email: before that the server speaks of
    itself.
    """
    match error:
        case NoConnection():
            return True
        case SMTPRecipientsRefused():
            return not any(_is_5xx(code) for code, _ in error.recipients.values())
        case SMTPResponseException():
            # Without a kind of its own it is smtplib's word for an answer that is too long.
            return type(error) is SMTPResponseException or not _is_5xx(error.smtp_code)
        case AnymailAPIError(status_code=int(status)):
            return status in _PASSING_HTTP
        case _:
            return isinstance(error, _PASSING) or getattr(error, "errno", None) in _PASSING_NUMBERS


def is_about_the_server(error: Exception) -> bool:
    """Would the next email, whoever it is to, meet the same?"""
    match error:
        case SMTPRecipientsRefused():
            return all(code == _GOODBYE for code, _ in error.recipients.values())
        case SMTPResponseException():
            return type(error) is SMTPResponseException or error.smtp_code in {_GOODBYE, -1}
        case _:
            return isinstance(error, Unanswered) or is_temporary(error)


def _is_answer_lost(error: Exception) -> bool:
    """Was the provider given the email, and its answer did not arrive?"""
    if isinstance(error, requests.ReadTimeout | requests.exceptions.ChunkedEncodingError):
        return True
    # Anymail's error is one of both kinds; what requests raised is its cause.
    told = error.__cause__.args if isinstance(error, requests.ConnectionError) and error.__cause__ else ()
    return any(isinstance(cause, ProtocolError) for cause in told)


def _is_5xx(code: int) -> bool:
    return 500 <= code < 600
