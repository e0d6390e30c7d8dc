"""What a job was given, from the JSON of its row."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import DatabaseError, InterfaceError, models

from jobs.engine.errors import MissingArgument, UnreadableArguments

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


def decode_arguments(encoded: Any) -> Arguments:
    """The arguments again, with records loaded afresh.

    Raises MissingArgument for a record that is gone, UnreadableArguments for what no enqueue() has written.
    """
    try:
        args = tuple(_decode(value) for value in _list(encoded.get("args", [])))
        kwargs = encoded.get("kwargs", {})
        names = encoded.get("order", kwargs)
        return args, {name: _decode(kwargs[name]) for name in names}
    except (MissingArgument, DatabaseError, InterfaceError):
        raise
    except Exception as error:
        raise UnreadableArguments(
            f"the row does not hold arguments: {type(error).__name__}: {error}"
        ) from error


def _decode(value: Any) -> Any:  # noqa: PLR0911, PLR0912 -- one line a type
    if isinstance(value, list):
        return [_decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"_model": str(label), "pk": pk}:
            return _load(label, _decode(pk), value.get("_db"))
        case {"_datetime": text}:
            return _in_zone(datetime.fromisoformat(text), value)
        case {"_time": text}:
            return _in_zone(time.fromisoformat(text), value)
        case {"_date": text}:
            return date.fromisoformat(text)
        case {"_timedelta": [days, seconds, microseconds]}:
            return timedelta(days, seconds, microseconds)
        case {"_decimal": text}:
            return Decimal(text)
        case {"_uuid": text}:
            return UUID(text)
        case {"_float": text}:
            return float(text)
        case {"_tuple": items}:
            return tuple(_decode(item) for item in _list(items))
        case {"_dict": items}:
            return {key: _decode(item) for key, item in items.items()}
        case {"_items": pairs}:
            return {key: _decode(item) for key, item in _list(pairs)}
        case {"_encoded": arguments}:
            return arguments
    return {key: _decode(item) for key, item in value.items()}


def _in_zone(moment: Any, encoded: dict[str, Any]) -> Any:
    """With the zone by its name, where it has one, and which of two equal times it is."""
    zone = encoded.get("_zone")
    tzinfo = ZoneInfo(zone) if zone else moment.tzinfo
    return moment.replace(tzinfo=tzinfo, fold=encoded.get("_fold", 0))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"{type(value).__name__} in place of a list")
    return value


def _load(label: str, pk: Any, database: str | None) -> models.Model:
    try:
        model = apps.get_model(label)
        # The relations that a model's `loaded_for_jobs` names come along, with the same query.
        related = getattr(model, "loaded_for_jobs", ())
        records = model._base_manager.select_related(*related) if related else model._base_manager.all()
        record: models.Model = (records.using(database) if database else records).get(pk=pk)
    except LookupError:
        raise MissingArgument(f"there is no longer a model {label}") from None
    except models.ObjectDoesNotExist:
        raise MissingArgument(f"{model.__name__} #{pk} no longer exists") from None
    return record
