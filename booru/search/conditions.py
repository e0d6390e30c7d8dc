"""What the values of search fields mean, as conditions for the database (behaviour 0.4).

A value that makes no sense matches nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorExact
from django.db.models import Q

from booru.rules.truth_values import truth_value
from booru.search import wildcards  # noqa: F401 -- registers the lookup
from booru.search.patterns import is_understood
from booru.search.values import Span, integer_span, moment_span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NOTHING = Q(pk__in=[])
# By sign: which end of what the value stands for, and how it compares.
_COMPARISONS = {">=": ("first", "gte"), "<=": ("last", "lte"), ">": ("last", "gt"), "<": ("first", "lt")}


def number(field: str, text: str) -> Q:
    """`5`, `>5`, `<=5`, `1..5`, `1...5`, `1,2,3`, `any`, `none`."""
    return in_range(field, text, integer_span)


def date(field: str, text: str) -> Q:
    """As numbers, with days, moments and ages: `2020-01-31`, `>=2020-01-31T10:00`, `<1w`, `2d..1mo`."""
    return in_range(field, text, moment_span)


def negated(condition: Q) -> Q:
    """The opposite; what makes no sense still matches nothing."""
    return condition if condition is NOTHING else ~condition


def in_range(field: str, text: str, span_of: Callable[[str], Span | None]) -> Q:
    """One value, a comparison, a range or a list of the values that span_of reads."""
    text = text.strip()
    if text.lower() in {"any", "none"}:
        return Q(**{f"{field}__isnull": text.lower() == "none"})
    for sign in _COMPARISONS:
        if text.startswith(sign):
            return comparison(field, sign, span_of(text.removeprefix(sign)))
    if ".." in text:
        return _between(field, text, span_of)
    return _any_of(field, [span_of(part) for part in text.split(",")])


def comparison(field: str, sign: str, span: Span | None) -> Q:
    """One of > >= < <=; an age is the greater the longer ago it is."""
    if span is None:
        return NOTHING
    if span.is_age:
        sign = sign.translate(_TURNED)
        return Q(**{f"{field}__{_COMPARISONS[sign][1]}": span.last})
    end, lookup = _COMPARISONS[sign]
    return Q(**{f"{field}__{lookup}": getattr(span, end)})


_TURNED = str.maketrans("<>", "><")


def _between(field: str, text: str, span_of: Callable[[str], Span | None]) -> Q:
    first, last = re.split(r"\.{2,3}", text, maxsplit=1)
    if not first and not last:
        return NOTHING
    # Three dots leave the last one out.
    ends = [(">=", first), ("<" if "..." in text else "<=", last)]
    conditions = [comparison(field, sign, span_of(end)) for sign, end in ends if end]
    if any(condition is NOTHING for condition in conditions):
        return NOTHING
    return conditions[0] & conditions[-1]


def _any_of(field: str, spans: list[Span | None]) -> Q:
    known = [span for span in spans if span is not None]
    if len(known) < len(spans):
        return NOTHING
    condition = Q(**{f"{field}__in": [span.first for span in known if span.first == span.last]})
    for span in known:
        if span.first != span.last:
            condition |= Q(**{f"{field}__gte": span.first, f"{field}__lte": span.last})
    return condition


def truth(field: str, text: str) -> Q:
    """A boolean column."""
    value = truth_value(text)
    return NOTHING if value is None else Q(**{field: value})


def presence(field: str, text: str) -> Q:
    """`has_x`: whether there is one."""
    value = truth_value(text)
    return NOTHING if value is None else Q(**{f"{field}__isnull": not value})


def one_of(field: str, values: Iterable[Any]) -> Q:
    """One of the values; None stands for one that makes no sense and is left aside."""
    return Q(**{f"{field}__in": [value for value in values if value is not None]})


def text_matches(field: str, text: str) -> Q:
    """With a star a wildcard search, otherwise an English full-text search."""
    if "*" in text:
        return Q(**{f"{field}__matches": text})
    vector = SearchVector(field, config="english")
    return Q(SearchVectorExact(vector, SearchQuery(text, config="english")))


def regex(field: str, pattern: str) -> Q:
    """A regular expression of PostgreSQL's; one that is wrong matches nothing. Raises UnsuitablePattern."""
    return Q(**{f"{field}__regex": pattern}) if is_understood(pattern) else NOTHING


def user_name(field: str, text: str) -> Q:
    """A user's name, in which spaces count as underscores; may contain stars."""
    return Q(**{f"{field}__name__matches": re.sub(r"\s+", "_", text.strip())})
