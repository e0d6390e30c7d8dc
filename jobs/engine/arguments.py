"""Arguments as JSON: what a job is given, at rest in its row."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from jobs.engine.errors import ArgumentError, MissingArgument

# A JSON object with one of these keys stands for a value that JSON has no word for.
_MODEL = "_model"
_TYPES = ("_datetime", "_date", "_timedelta", "_decimal", "_uuid", "_tuple", "_dict")

_TYPE_NAMES = (
    "str, int, float, bool, None, list, tuple, dict, "
    "datetime, date, timedelta, Decimal, UUID or a saved model instance"
)

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


def encode_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments as JSON.

    Raises ArgumentError, with the argument's place or name, for what JSON and the types above cannot hold.
    """
    encoded: dict[str, Any] = {"args": [_encode(value, f"argument {n}") for n, value in enumerate(args, 1)]}
    if kwargs:
        encoded["kwargs"] = {name: _encode(value, f"argument {name!r}") for name, value in kwargs.items()}
    return encoded


def decode_arguments(encoded: dict[str, Any]) -> Arguments:
    """The arguments again, with records loaded afresh. Raises MissingArgument for a record that is gone."""
    args = tuple(_decode(value) for value in encoded.get("args", ()))
    return args, {name: _decode(value) for name, value in encoded.get("kwargs", {}).items()}


def _encode(value: Any, where: str) -> Any:  # noqa: PLR0911, PLR0912 -- one line a type
    match value:
        case None | bool() | int():
            return value
        case float():
            if not math.isfinite(value):
                raise ArgumentError(f"{where} is {value}, which JSON cannot hold")
            return value
        case str():
            return _checked(str(value), where)
        case datetime():
            return {"_datetime": value.isoformat()}
        case date():
            return {"_date": value.isoformat()}
        case timedelta():
            return {"_timedelta": [value.days, value.seconds, value.microseconds]}
        case Decimal():
            return {"_decimal": str(value)}
        case UUID():
            return {"_uuid": str(value)}
        case list():
            return [_encode(item, f"{where}[{n}]") for n, item in enumerate(value)]
        case tuple():
            return {"_tuple": [_encode(item, f"{where}[{n}]") for n, item in enumerate(value)]}
        case dict():
            return _encode_dict(value, where)
        case models.Model():
            if value.pk is None:
                raise ArgumentError(
                    f"{where} is an unsaved {type(value).__name__}; save it before you enqueue"
                )
            return {_MODEL: value._meta.label_lower, "pk": _encode(value.pk, where)}
    raise ArgumentError(f"{where} is of type {type(value).__name__}; a job can be given: {_TYPE_NAMES}")


def _encode_dict(value: dict[Any, Any], where: str) -> Any:
    for key in value:
        if not isinstance(key, str):
            raise ArgumentError(f"{where} has the key {key!r}; keys must be strings")
    items = {_checked(key, where): _encode(item, f"{where}[{key!r}]") for key, item in value.items()}
    if _MODEL in items or any(name in items for name in _TYPES):
        return {"_dict": items}
    return items


def _checked(text: str, where: str) -> str:
    if "\0" in text:
        raise ArgumentError(f"{where} contains a NUL character, which PostgreSQL cannot hold")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ArgumentError(f"{where} contains half a surrogate pair, which is not text") from None
    return text


def _decode(value: Any) -> Any:  # noqa: PLR0911 -- one line a type
    if isinstance(value, list):
        return [_decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"_model": str(label), "pk": pk}:
            return _load(label, _decode(pk))
        case {"_datetime": text}:
            return datetime.fromisoformat(text)
        case {"_date": text}:
            return date.fromisoformat(text)
        case {"_timedelta": [days, seconds, microseconds]}:
            return timedelta(days, seconds, microseconds)
        case {"_decimal": text}:
            return Decimal(text)
        case {"_uuid": text}:
            return UUID(text)
        case {"_tuple": items}:
            return tuple(_decode(item) for item in items)
        case {"_dict": items}:
            return {key: _decode(item) for key, item in items.items()}
    return {key: _decode(item) for key, item in value.items()}


def _load(label: str, pk: Any) -> models.Model:
    try:
        model = apps.get_model(label)
        # The relations that a model's `loaded_for_jobs` names come along, with the same query.
        related = getattr(model, "loaded_for_jobs", ())
        records = model._base_manager.select_related(*related) if related else model._base_manager.all()
        record: models.Model = records.get(pk=pk)
    except LookupError:
        raise MissingArgument(f"there is no model {label} any more") from None
    except models.ObjectDoesNotExist:
        raise MissingArgument(f"{model.__name__} #{pk} does not exist any more") from None
    return record


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
        case dict() if len(value) == 1 and next(iter(value)) in _TYPES:
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
