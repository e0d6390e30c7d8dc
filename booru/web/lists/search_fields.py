"""The kinds of fields that a list can be searched by; each gives its search parameters (behaviour 0.4)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.lookups import DataContains, Overlap
from django.db.models import BooleanField, Choices, F, Func, Model, Q, TextField, Value
from django.db.models.functions import Cast, Lower

from booru.rules.truth_values import truth_value
from booru.search import conditions as search
from booru.search.conditions import NOTHING, negated
from booru.search.patterns import is_understood
from booru.search.values import integer_span, moment_span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

    from booru.search.values import Span
    from booru.web.lists.search import Condition, Related, Search

    Conditions = dict[str, Condition]

ModelT = TypeVar("ModelT", bound=Model)

_TEXT_ARRAY = ArrayField(TextField())
_SIGNS = {"gt": ">", "gteq": ">=", "lt": "<", "lteq": "<="}
# Ways to write several values in one parameter.
_LISTS: dict[str, Callable[[str], list[str]]] = {
    "array": lambda text: text.split("\n"),
    "comma": lambda text: [part.strip() for part in text.split(",")],
    "space": lambda text: text.split(),
}


def numbers(*names: str) -> Conditions:
    return _each(names, partial(_ordered, search.number, integer_span))


def dates(*names: str) -> Conditions:
    return _each(names, partial(_ordered, search.date, moment_span))


def _ordered(
    condition: Callable[[str, str], Q], span_of: Callable[[str], Span | None], name: str
) -> Conditions:
    def compared(sign: str) -> Condition:
        return lambda text: search.comparison(name, sign, span_of(text))

    return {
        name: partial(condition, name),
        f"{name}_eq": partial(condition, name),
        f"{name}_not": lambda text: negated(condition(name, text)),
        f"{name}_not_eq": lambda text: negated(condition(name, text)),
        **{f"{name}_{word}": compared(sign) for word, sign in _SIGNS.items()},
    }


def strings(*names: str) -> Conditions:
    return _each(names, _string)


def texts(*names: str) -> Conditions:
    """Strings long enough to search for words in."""
    matches = {f"{name}_matches": partial(search.text_matches, name) for name in names}
    return {**strings(*names), **matches}


def _string(name: str) -> Conditions:
    positive: Conditions = {
        "eq": lambda text: Q(**{name: text}),
        "like": lambda text: Q(**{f"{name}__matches_case": text}),
        "ilike": lambda text: Q(**{f"{name}__matches": text}),
        "regex": partial(search.regex, name),
    }
    return {
        name: positive["eq"],
        **{f"{name}_{word}": condition for word, condition in positive.items()},
        **{f"{name}_not_{word}": partial(_not, condition) for word, condition in positive.items()},
        **{f"{name}_{word}": partial(_in, name, split) for word, split in _LISTS.items()},
        **{f"{name}_lower_{word}": partial(_in_lower, name, split) for word, split in _LISTS.items()},
        f"{name}_present": partial(_is_present, name),
    }


def _not(condition: Condition, text: str) -> Q:
    return negated(condition(text))


def _in(name: str, split: Callable[[str], list[str]], text: str) -> Q:
    return Q(**{f"{name}__in": split(text)})


def _in_lower(name: str, split: Callable[[str], list[str]], text: str) -> Q:
    return Q(**{f"{name}__lower__in": split(text.lower())})


def _is_present(name: str, text: str) -> Q:
    value = truth_value(text)
    if value is None:
        return NOTHING
    return ~Q(**{name: ""}) if value else Q(**{name: ""})


def booleans(*names: str) -> Conditions:
    return {name: partial(search.truth, name) for name in names}


def enumeration(name: str, choices: type[Choices]) -> Conditions:
    """`x=a,b` by name or value, `x_not`, and `x_id` by number."""
    by_word: dict[str, Any] = {choice.name.lower(): choice.value for choice in choices}
    by_word |= {str(value).lower(): value for value in choices.values}

    def condition(text: str) -> Q:
        return search.one_of(name, [by_word.get(word.strip().lower()) for word in text.split(",")])

    def opposite(text: str) -> Q:
        words = {word.strip().lower() for word in text.split(",")}
        return ~condition(text) if words & by_word.keys() else NOTHING

    by_number = {f"{name}_id": partial(search.number, name)} if int in choices.__mro__ else {}
    return {name: condition, f"{name}_not": opposite, **by_number}


def array(name: str, singular: str) -> Conditions:
    """`xs_include_any`, `xs_include_all` and their variants, `any_x_matches_regex`, `x_count`."""
    conditions: Conditions = {}
    for word, lookup in (("any", Overlap), ("all", DataContains)):
        for suffix, split in (("", str.split), ("_array", _LISTS["array"])):
            key = f"{name}_include_{word}"
            conditions[f"{key}{suffix}"] = partial(_includes, f"{name}__{lookup.lookup_name}", split)
            conditions[f"{key}_lower{suffix}"] = partial(_includes_lower, name, lookup, split)
    conditions[f"any_{singular}_matches_regex"] = partial(_any_matches_regex, name)
    counts = _ordered(search.number, integer_span, f"{name}__len")
    return conditions | {f"{singular}_count{key.removeprefix(f'{name}__len')}": counts[key] for key in counts}


def _includes(condition: str, split: Callable[[str], list[str]], text: str) -> Q:
    return Q(**{condition: split(text)})


def _includes_lower(
    name: str, lookup: type[DataContains | Overlap], split: Callable[[str], list[str]], text: str
) -> Q:
    lower = Cast(Lower(Cast(F(name), TextField())), _TEXT_ARRAY)
    return Q(lookup(lower, Value(split(text.lower()), output_field=_TEXT_ARRAY)))


def _any_matches_regex(name: str, pattern: str) -> Q:
    return Q(_AnyMatchesRegex(F(name), Value(pattern))) if is_understood(pattern) else NOTHING


class _AnyMatchesRegex(Func):
    template = "EXISTS (SELECT 1 FROM unnest(%(expressions)s))"
    arg_joiner = ") AS element WHERE element ~ ("
    output_field = BooleanField()


def users(*names: str) -> Conditions:
    """Of a relation to a user: `x_id`, `x_name`, `has_x`."""
    by_name = {f"{name}_name": partial(search.user_name, name) for name in names}
    return {**belongs_to(*names), **by_name}


def belongs_to(*names: str) -> Conditions:
    """Of a relation: `x_id`, `has_x`."""
    presences = {f"has_{name}": partial(search.presence, name) for name in names}
    return {**numbers(*(f"{name}_id" for name in names)), **presences}


def related(field: str, search_of: Search[ModelT], records: QuerySet[ModelT], key: str = "pk") -> Related:
    """`x[...]`: records whose `field` holds the `key` of a record that the other search finds."""

    def condition(params: Mapping[str, str]) -> Q:
        found = records.filter(search_of.condition(params))
        return Q(**{f"{field}__in": found.order_by().values(key)})

    return condition


def renamed(conditions: Conditions, **names: str) -> Conditions:
    """The same parameters under other names: `renamed(numbers("to_user_id"), to_user="to")`."""
    changed = dict(conditions)
    for old, new in names.items():
        changed = {
            f"{new}{name.removeprefix(old)}" if name.startswith(old) else name: condition
            for name, condition in changed.items()
        }
    return changed


def exists_by_name(param: str, field: str, records: QuerySet[ModelT], key: str) -> Conditions:
    """`has_x` for a record that is known by its name."""

    def condition(text: str) -> Q:
        value = truth_value(text)
        found = Q(**{f"{field}__in": records.order_by().values(key)})
        return NOTHING if value is None else found if value else ~found

    return {f"has_{param}": condition}


def _each(names: tuple[str, ...], conditions_of: Callable[[str], Conditions]) -> Conditions:
    return {key: condition for name in names for key, condition in conditions_of(name).items()}
