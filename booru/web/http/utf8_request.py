"""Requests whose text is UTF-8, whatever their Content-Type says.

Django reads the query string in the charset that the client names, while it makes the request: before
anything that could answer. Python knows many that are no text (`base64`) or make text that no database holds.
"""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters

# Of a body in another one nothing is read: booru.web.middleware refuses it.
CHARSETS = {"utf-8", "utf8", "us-ascii", "ascii"}
_UNREADABLE = "unreadable"


class Utf8Request(WSGIRequest):
    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            content_type, params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            content_type, params = "", {"charset": _UNREADABLE}
        self.content_type, self.content_params = content_type, params
