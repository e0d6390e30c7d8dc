"""Reads what a request sends, from forms and from JSON, in Danbooru's `root[name]` style."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from booru.web.http.errors import AccessDenied, BadRequest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.http import HttpRequest

_INTEGER = re.compile(r"-?[0-9]{1,18}")


def permitted(
    request: HttpRequest, root: str, names: Collection[str], lists: Collection[str] = ()
) -> dict[str, str]:
    """The values sent for `names`, as `root[name]=`, as `name=`, or as `{"root": {"name": ...}}` in JSON.

    Those of `lists` may come in parts, as `root[name][]=` or as a list in JSON, which are joined by spaces.
    `root[a][b]=`, or an object in the object, is named "a][b".
    Raises AccessDenied for a `root[...]` that is not among them (behaviour 0.3), and BadRequest for a value
    that is not text, a number or a truth value.
    """
    is_json = request.content_type == "application/json"
    if is_json:
        nested, plain = _from_json(request, root, names, lists)
    else:
        nested, plain = _from_form(request, root, lists)
    if nested.keys() - set(names):
        raise AccessDenied
    return {name: nested.get(name, plain.get(name, "")) for name in names if name in nested or name in plain}


def integer(text: str) -> int | None:
    """A number that the database can hold; None for anything else."""
    return int(text) if text.isascii() and _INTEGER.fullmatch(text) else None


def body_fields(request: HttpRequest) -> QueryDict:
    """The form fields in the body, whatever the method."""
    if request.method == "POST":
        return request.POST
    if request.content_type != "application/x-www-form-urlencoded":
        return QueryDict()
    return QueryDict(request.body, encoding="utf-8")


def _from_form(
    request: HttpRequest, root: str, lists: Collection[str]
) -> tuple[dict[str, str], dict[str, str]]:
    nested: dict[str, str] = {}
    plain: dict[str, str] = {}
    for key, values in body_fields(request).lists():
        is_nested = key.startswith(f"{root}[") and key.endswith("]")
        name = key[len(root) + 1 : -1] if is_nested else key
        if (whole := name.removesuffix("][")) in lists:
            name, text = whole, _joined(key, values)
        else:
            text = _text(key, values[-1] if values else "")
        (nested if is_nested else plain)[name] = text
    return nested, plain


def _from_json(
    request: HttpRequest, root: str, names: Collection[str], lists: Collection[str]
) -> tuple[dict[str, str], dict[str, str]]:
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise BadRequest("The body must be a JSON object.")
    nested = body.pop(root, {})
    if not isinstance(nested, dict):
        raise BadRequest(f"{root} must be an object.")
    plain = {name: _text(name, value) for name, value in body.items() if isinstance(value, str | int | float)}
    return {
        name: _joined(name, value) if name in lists and isinstance(value, list) else _text(name, value)
        for name, value in _flat(nested, names)
    }, plain


def _flat(values: dict[str, object], names: Collection[str]) -> Iterator[tuple[str, object]]:
    for name, value in values.items():
        if isinstance(value, dict) and any(known.startswith(f"{name}][") for known in names):
            yield from ((f"{name}][{inner}", text) for inner, text in value.items())
        else:
            yield name, value


def _joined(name: str, values: list[Any]) -> str:
    return " ".join(_text(name, value) for value in values)


def _text(name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str() if "\0" not in value and _is_encodable(value):
            return value
    raise BadRequest(f"{name[:100]!a} must be text.")


def _is_encodable(text: str) -> bool:
    """JSON can carry half a surrogate pair, which no database holds."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
