"""Errors that end a request with a status and a sentence for the person (behaviour 0.3)."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class HttpError(Exception):
    """Ends the request with `status` and shows the message, as a page or as JSON."""

    status = HTTPStatus.BAD_REQUEST
    default_message = "That request makes no sense."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.default_message)

    @property
    def headers(self) -> Mapping[str, str]:
        return {}


class BadRequest(HttpError):
    """The request itself is malformed."""


class AccessDenied(HttpError):
    status = HTTPStatus.FORBIDDEN
    default_message = "Access denied"


class PageLimitReached(HttpError):
    status = HTTPStatus.GONE
    default_message = "You cannot go beyond this page."


class Unprocessable(HttpError):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    default_message = "That could not be done."


class TooManyRequests(HttpError):
    """The same would be done if it came again after `seconds`, which the answer tells."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    default_message = "You're doing that too fast. Wait a minute and try again."

    def __init__(self, seconds: float, message: str | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Retry-After": str(max(math.ceil(self.seconds), 1))}
