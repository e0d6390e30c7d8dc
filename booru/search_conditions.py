"""What the values of search fields mean, as conditions for the database (behaviour 0.4)."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorExact
from django.db.models import Q

from booru import wildcards  # noqa: F401 -- registers the lookup
from booru.text import truth_value

NOTHING = Q(pk__in=[])
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_COMPARISONS = {">=": "gte", "<=": "lte", ">": "gt", "<": "lt"}


def number(field: str, text: str) -> Q:
    """`5`, `>5`, `<=5`, `1..5`, `1...5`, `1,2,3`, `any`, `none`; anything else matches nothing."""
    text = text.strip()
    if text in {"any", "none"}:
        return Q(**{f"{field}__isnull": text == "none"})
    for sign, lookup in _COMPARISONS.items():
        if text.startswith(sign):
            return _compare(field, lookup, text.removeprefix(sign))
    if ".." in text:
        return _between(field, text)
    values = [value.strip() for value in text.split(",")]
    if not all(_INTEGER.fullmatch(value) for value in values):
        return NOTHING
    return Q(**{f"{field}__in": [int(value) for value in values]})


def _compare(field: str, lookup: str, text: str) -> Q:
    return Q(**{f"{field}__{lookup}": int(text)}) if _INTEGER.fullmatch(text.strip()) else NOTHING


def _between(field: str, text: str) -> Q:
    first, last = re.split(r"\.{2,3}", text, maxsplit=1)
    if not first and not last:
        return NOTHING
    condition = _compare(field, "gte", first) if first else Q()
    # Three dots leave the last one out.
    return condition & _compare(field, "lt" if "..." in text else "lte", last) if last else condition


def truth(field: str, text: str) -> Q:
    """A boolean column."""
    value = truth_value(text)
    return NOTHING if value is None else Q(**{field: value})


def presence(field: str, text: str) -> Q:
    """`has_x`: whether there is one."""
    value = truth_value(text)
    return NOTHING if value is None else Q(**{f"{field}__isnull": not value})


def text_matches(field: str, text: str) -> Q:
    """With a star a wildcard search, otherwise an English full-text search."""
    if "*" in text:
        return Q(**{f"{field}__matches": text})
    vector = SearchVector(field, config="english")
    return Q(SearchVectorExact(vector, SearchQuery(text, config="english")))


def user_name(field: str, text: str) -> Q:
    """A user's name, in which spaces count as underscores; may contain stars."""
    return Q(**{f"{field}__name__matches": re.sub(r"\s+", "_", text.strip())})
