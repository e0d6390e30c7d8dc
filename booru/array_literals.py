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
    """For a parameter `%s::text[]`."""
    return "{" + ",".join([f'"{_escaped(value)}"' for value in values]) + "}"


def _escaped(value: str) -> str:
    if "\\" not in value and '"' not in value:
        return value
    return value.replace("\\", "\\\\").replace('"', '\\"')
