"""What the admins are mailed of an unexpected error: no passwords, keys, codes or tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.views.debug import ExceptionReporter

from jobs.engine.context import FILTERED, filtered_url, is_secret

if TYPE_CHECKING:
    from collections.abc import Iterable

# Where servers keep the whole address.
_ADDRESSES = {"QUERY_STRING", "HTTP_REFERER", "REQUEST_URI", "RAW_URI"}


class ErrorReporter(ExceptionReporter):
    def get_traceback_data(self) -> dict[str, Any]:
        data = super().get_traceback_data()
        if self.request is None:
            return data
        return data | {
            "request_insecure_uri": filtered_url(self.request),
            "request_GET_items": _filtered(data["request_GET_items"]),
            "filtered_POST_items": _filtered(data["filtered_POST_items"]),
            "request_meta": {
                name: FILTERED if name in _ADDRESSES else value
                for name, value in data["request_meta"].items()
            },
        }


def _filtered(items: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(name, FILTERED if is_secret(name) else value) for name, value in items]
