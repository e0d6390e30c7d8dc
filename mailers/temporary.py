"""Which errors pass: those are worth another attempt."""

from __future__ import annotations

import errno
import socket
import ssl
from smtplib import SMTPRecipientsRefused, SMTPResponseException

import requests
from anymail.exceptions import AnymailAPIError

_PASSING = (requests.Timeout, requests.ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)
# The network is away, or the name server does not answer.
_PASSING_NUMBERS = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, socket.EAI_AGAIN}
)
# A provider's "too many requests", and the failures of what is in front of it.
_PASSING_HTTP = frozenset({408, 429, 500, 502, 503, 504})


def is_temporary(error: Exception) -> bool:
    """Did the server say "not now", or did the network fail in a way that only its details tell?

    Time-outs and lost connections need no such look: their class says it.
    """
    match error:
        case SMTPRecipientsRefused():
            return all(_is_4xx(code) for code, _ in error.recipients.values())
        case SMTPResponseException():
            return _is_4xx(error.smtp_code)
        case AnymailAPIError(status_code=int(status)):
            return status in _PASSING_HTTP
        case _:
            return isinstance(error, _PASSING) or getattr(error, "errno", None) in _PASSING_NUMBERS


def _is_4xx(code: int) -> bool:
    return 400 <= code < 500
