"""The SQL that runs: each statement of the .sql files here has a name, and a sentence that says what it does.

A statement begins with `-- name: …`. Its parameters are psycopg's, `%(name)s`, each with its type. Comments
have lines of their own. Read claim.sql first, then holds.sql and functions.sql.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def statement(file: str, name: str) -> str:
    """The statement of that name, as it is sent. Raises KeyError."""
    return statements(file)[name]


@cache
def statements(file: str) -> dict[str, str]:
    """All statements of a file, which is named without its suffix. Raises ValueError for a name twice."""
    _, *parts = _NAME.split((_FOLDER / f"{file}.sql").read_text(encoding="utf-8"))
    names, texts = parts[::2], parts[1::2]
    if len(set(names)) < len(names):
        raise ValueError(f"{file}.sql has two statements of one name")
    return dict(zip(names, map(_without_comments, texts), strict=True))


def _without_comments(text: str) -> str:
    lines = text.splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--")).strip()
