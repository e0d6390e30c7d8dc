"""Arguments for people, as their row holds them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.apps import apps

# What these stand for is their one value.
_PLAIN = frozenset({"_datetime", "_date", "_time", "_decimal", "_uuid", "_float"})


def describe_arguments(encoded: dict[str, Any]) -> str:
    """The arguments for people: `BulkUpdateRequest #3, note='hello'`. Loads nothing."""
    words = [describe_argument(value) for value in encoded.get("args", ())]
    words += [f"{name}={describe_argument(value)}" for name, value in encoded.get("kwargs", {}).items()]
    return ", ".join(words)


def describe_argument(value: Any) -> str:  # noqa: PLR0911 -- one line a type
    """One encoded argument for people."""
    match value:
        case {"_model": str(label), "pk": pk}:
            return f"{_model_name(label)} #{pk}"
        case {"_tuple": items}:
            return f"({', '.join(describe_argument(item) for item in items)})"
        case {"_timedelta": [days, seconds, microseconds]}:
            return str(timedelta(days, seconds, microseconds))
        case {"_dict": items}:
            return _describe_dict(items)
        case {"_items": pairs}:
            return _describe_dict(dict(pairs))
        case {"_encoded": arguments}:
            return f"({describe_arguments(arguments)})"
        case {"_datetime": text, "_zone": zone} | {"_time": text, "_zone": zone}:
            return f"{text} {zone}"
        case dict() if len(value) == 1 and next(iter(value)) in _PLAIN:
            return str(next(iter(value.values())))
        case dict():
            return _describe_dict(value)
        case list():
            return f"[{', '.join(describe_argument(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)


def _describe_dict(items: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {describe_argument(item)}" for key, item in items.items()) + "}"


def _model_name(label: str) -> str:
    try:
        return apps.get_model(label).__name__
    except LookupError:
        return label
