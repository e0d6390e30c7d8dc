"""Long arrays as PostgreSQL writes them.

The driver's own way, element by element, takes longer than the query that they are for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def int_array(values: Iterable[int]) -> str:
    """For a parameter such as `%s::bigint[]`."""
    return f"{{{','.join(map(str, values))}}}"


def text_array(values: Iterable[str]) -> str:
    """For a parameter `%s::text[]`. Raises ValueError for NUL, which no text in PostgreSQL can have."""
    texts = list(values)
    if not texts:
        return "{}"
    # So NUL can part them while all are escaped at once.
    joined = "\0".join(texts)
    if joined.count("\0") >= len(texts):
        raise ValueError("PostgreSQL text cannot contain NUL")
    escaped = joined.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')
    return f'{{"{escaped}"}}'
