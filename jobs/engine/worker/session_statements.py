"""Which statements change the session of a connection and not only data, as far as their text tells."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

# White space and comments.
_SPACE = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
_SESSION = re.compile(
    rf"(?:^|;){_SPACE}(?:set(?!\s+(?:local|transaction|constraints)\b)|reset|(?:un)?listen|declare|prepare|load|do|call)\b"
    r"|\b(?:set_config|pg_(?:try_)?advisory_lock(?:_shared)?)\"?\s*\("
    r"|\btemp(?:orary)?\b|\bpg_settings\b",
    re.IGNORECASE | re.DOTALL,
)
# Letters of a statement that are looked at. What is longer has long lists; only of one that may be several
# statements, or calls such a function, the rest is looked at, too.
_LOOKED_AT = 2000
_SUSPICIOUS = (";", "set_config", "advisory_lock", "pg_settings")


def changes_session(text: str) -> bool:
    """Does it, or may it?"""
    if len(text) <= _LOOKED_AT:
        return _is_found_in(text)
    if _SESSION.search(text, 0, _LOOKED_AT):
        return True
    return any(word in text for word in _SUSPICIOUS) and _SESSION.search(text) is not None


@lru_cache(1000)
def _is_found_in(text: str) -> bool:
    """Looking costs more than executing many a statement; most come again with other parameters."""
    return _SESSION.search(text) is not None


def watch(raw: Any) -> None:
    """Note from now on what is done with this connection of psycopg's."""
    raw.jobs_touched = False
    raw.jobs_open_cursors = 0
    raw.cursor_factory = _noting(raw.cursor_factory)
    raw.server_cursor_factory = _counting(raw.server_cursor_factory)


def is_touched(raw: Any) -> bool:
    """Was its session changed, or does the server keep a cursor for it?"""
    return bool(raw.jobs_touched or raw.jobs_open_cursors)


@cache
def _noting(cursor_class: Any) -> type:
    """The class of cursors, that tells when a statement changes the session."""

    class NotingCursor(cursor_class):  # type: ignore[misc]
        def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            _note(self.connection, query)
            return super().execute(query, *args, **kwargs)

        def executemany(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            _note(self.connection, query)
            return super().executemany(query, *args, **kwargs)

        def stream(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            _note(self.connection, query)
            return super().stream(query, *args, **kwargs)

    return NotingCursor


@cache
def _counting(cursor_class: Any) -> type:
    """The class of the server's cursors, of which it is known how many were not closed."""

    class CountingCursor(cursor_class):  # type: ignore[misc]
        _is_counted = False

        def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            _note(self.connection, query)
            if not self._is_counted:
                self._is_counted = True
                self.connection.jobs_open_cursors += 1
            return super().execute(query, *args, **kwargs)

        def close(self) -> None:
            super().close()
            if self._is_counted:
                self._is_counted = False
                self.connection.jobs_open_cursors -= 1

    return CountingCursor


def _note(raw: Any, query: Any) -> None:
    if not raw.jobs_touched:
        raw.jobs_touched = changes_session(query if isinstance(query, str) else _text(raw, query))


def _text(raw: Any, query: Any) -> str:
    if isinstance(query, bytes):
        return query.decode(errors="replace")
    text: str = query.as_string(raw)
    return text
