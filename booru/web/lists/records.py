"""Records as programs get them: the columns under Danbooru's names (behaviour N)."""

from __future__ import annotations

from typing import Any

RECORD = ("id", "created_at", "updated_at")


def columns(record: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}
