"""Arguments as JSON: what a job is given, at rest in its row. Each comes back as it was, or is refused."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models, router

from jobs.engine.enqueue.shown import shown
from jobs.engine.errors import ArgumentError

# A JSON object with one of these keys stands for a value that JSON, or PostgreSQL's, has no word for.
MODEL = "_model"
TYPES = frozenset(
    {"_datetime", "_date", "_time", "_timedelta", "_decimal", "_uuid", "_float", "_tuple", "_dict", "_items"}
    | {"_encoded", MODEL}
)
# How deep lists and dicts may lie in each other, digits of an integer, bytes of all arguments as JSON.
MAX_DEPTH, MAX_DIGITS, MAX_BYTES = 100, 4000, 16 * 1024 * 1024

_CONTAINERS = frozenset({list, tuple, dict})

_TYPE_NAMES = (
    "str, int, float, bool, None, list, tuple, dict, "
    "datetime, date, time, timedelta, Decimal, UUID or a saved model instance"
)


def encode_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments as JSON.

    Raises ArgumentError, with the argument's place or name, for what JSON and the types above cannot hold.
    Of str, int and float, subclasses such as an Enum's members come back as what they are derived from.
    """
    for name in kwargs:
        if not isinstance(name, str):
            raise ArgumentError(f"an argument has the name {shown(name)}; names must be strings")
    encoded: dict[str, Any] = {
        "args": [_encode(value, f"argument {n}", MAX_DEPTH) for n, value in enumerate(args, 1)]
    }
    if kwargs:
        encoded["kwargs"] = {
            _checked(name, f"argument {name!r}"): _encode(value, f"argument {name!r}", MAX_DEPTH)
            for name, value in kwargs.items()
        }
        if not _keeps_its_order(kwargs):
            encoded["order"] = list(kwargs)
    return encoded


def to_json(encoded: dict[str, Any]) -> str:
    """As the row holds it. Raises ArgumentError, with the longest argument, when it is too long."""
    text = json.dumps(encoded)
    if len(text) <= MAX_BYTES:
        return text
    named = {f"argument {n}": value for n, value in enumerate(encoded["args"], 1)}
    named |= {f"argument {name!r}": value for name, value in encoded.get("kwargs", {}).items()}
    longest = max(named, key=lambda name: len(json.dumps(named[name])))
    raise ArgumentError(
        f"{longest} is too long: as JSON, all arguments have {len(text):,} bytes, {MAX_BYTES:,} are the most"
    )


def _encode(value: Any, where: str, depth: int) -> Any:  # noqa: PLR0911, PLR0912 -- one line a type
    if type(value) is str:  # the most common by far
        return _checked(value, where)
    if type(value) is not value.__class__ and not isinstance(value, models.Model):
        raise ArgumentError(f"{where} is a {type(value).__name__}; pass what it stands for")
    match value:
        case None | bool():
            return value
        case int():
            return _encode_int(value, where)
        case float():
            return _encode_float(float.__float__(value), where)
        case str():
            return _checked(str.__str__(value), where)
        case datetime() | time():
            return _encode_clock(value, where)
        case date():
            return {"_date": value.isoformat()}
        case timedelta():
            return {"_timedelta": [value.days, value.seconds, value.microseconds]}
        case Decimal():
            return {"_decimal": str(value)}
        case UUID():
            return {"_uuid": str(value)}
        case list() | tuple() | dict():
            return _encode_container(value, where, depth)
        case models.Model():
            return _encode_record(value, where)
    raise ArgumentError(f"{where} is of type {type(value).__name__}; a job can be given: {_TYPE_NAMES}")


def _encode_int(value: int, where: str) -> int:
    number = int.__int__(value)
    if number.bit_length() > MAX_DIGITS * 3:
        try:
            is_long = len(str(abs(number))) > MAX_DIGITS
        except ValueError:  # more than Python writes
            is_long = True
        if is_long:
            raise ArgumentError(f"{where} is an integer of more than {MAX_DIGITS} digits; pass it as a str")
    return number


def _encode_float(value: float, where: str) -> Any:
    if not math.isfinite(value):
        raise ArgumentError(f"{where} is {value}, which JSON cannot hold")
    # PostgreSQL writes numbers out: 1e16 would come back as an int, and -0.0 as 0.0.
    text = repr(value)
    return {"_float": text} if "e" in text or text == "-0.0" else value


def _encode_clock(value: datetime | time, where: str) -> dict[str, Any]:
    zone: dict[str, Any] = {}
    match value.tzinfo:
        case None | timezone():
            pass
        case ZoneInfo(key=str(key)) as named:
            _check_zone(named, value, where)
            zone["_zone"] = key
        case other:
            raise ArgumentError(
                f"{where} has a time zone of type {type(other).__name__}; use zoneinfo.ZoneInfo or {UTC!r}"
            )
    encoded = {"_datetime" if isinstance(value, datetime) else "_time": value.isoformat(), **zone}
    if value.fold:
        encoded["_fold"] = 1
    return encoded


def _check_zone(zone: ZoneInfo, value: datetime | time, where: str) -> None:
    """Is it what its name stands for? One that was read from a file may have any."""
    moment = value if isinstance(value, datetime) else None
    try:
        is_known = ZoneInfo(zone.key).utcoffset(moment) == zone.utcoffset(moment)
    except (ValueError, LookupError, OSError):
        is_known = False
    if not is_known:
        raise ArgumentError(f"{where} has the time zone {zone.key!a}, which is not that of this name")


def _encode_container(value: Any, where: str, depth: int) -> Any:
    if type(value) not in _CONTAINERS:
        plain = next(kind.__name__ for kind in (list, tuple, dict) if isinstance(value, kind))
        raise ArgumentError(
            f"{where} is of type {type(value).__name__} and would come back as a {plain}; pass {plain}(...)"
        )
    if not depth:
        raise ArgumentError(
            f"{where[:100]}… lies more than {MAX_DEPTH} lists and dicts deep, or contains itself"
        )
    if isinstance(value, dict):
        return _encode_dict(value, where, depth)
    items = [_encode(item, f"{where}[{n}]", depth - 1) for n, item in enumerate(value)]
    return items if isinstance(value, list) else {"_tuple": items}


def _encode_dict(value: dict[Any, Any], where: str, depth: int) -> Any:
    for key in value:
        if not isinstance(key, str):
            raise ArgumentError(f"{where} has the key {shown(key)}; keys must be strings")
    items = {
        _checked(str.__str__(key), where): _encode(item, f"{where}[{key!r}]", depth - 1)
        for key, item in value.items()
    }
    if not _keeps_its_order(items):
        return {"_items": [[key, item] for key, item in items.items()]}
    return items if TYPES.isdisjoint(items) else {"_dict": items}


def _keeps_its_order(items: dict[str, Any]) -> bool:
    """Are the keys in the order in which PostgreSQL keeps them: shorter first, then by their bytes?"""
    if len(items) < 2:
        return True
    keys = [key.encode() for key in items]
    return all((len(a), a) <= (len(b), b) for a, b in pairwise(keys))


def _encode_record(value: models.Model, where: str) -> dict[str, Any]:
    if value.pk is None or value._state.adding:
        raise ArgumentError(f"{where} is an unsaved {type(value).__name__}; save it before you enqueue")
    encoded = {MODEL: value._meta.label_lower, "pk": _encode(value.pk, where, 1)}
    # Where it was read from, if that is not where it would be looked for.
    if value._state.db not in (None, router.db_for_read(value._meta.model)):
        encoded["_db"] = value._state.db
    return encoded


def _checked(text: str, where: str) -> str:
    if "\0" in text:
        raise ArgumentError(f"{where} contains a NUL character, which PostgreSQL cannot hold")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ArgumentError(f"{where} contains half a surrogate pair, which is not text") from None
    return text
