"""Reads `search[...]` parameters and finds what they ask for (behaviour 0.4)."""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, Model, Q, Value
from django.db.models.functions import Cast
from django.http import HttpResponseRedirect

from booru.search.patterns import UnsuitablePattern
from booru.search.values import integer_span
from booru.web.http.errors import Unprocessable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from booru.web.http.actions import Action

    Condition = Callable[[str], Q]
    # What a search of related records adds to the search of these.
    Related = Callable[["Mapping[str, str]"], Q]
    Order = Sequence[str | Combinable]

ModelT = TypeVar("ModelT", bound=Model)

_NAME = r"\[([a-z_]{1,50})\]"
_SEARCH_KEY = re.compile(rf"search((?:{_NAME}){{1,10}})(\[\])?")
NEWEST_FIRST: Order = ("-pk",)


class Search(Generic[ModelT]):
    """What a list can be searched by and in which orders it can be shown.

    `conditions` come from booru.web.lists.search_fields, one mapping a kind of field. `related` are records
    that have a search of their own, which `search[<name>][...]` reaches.
    """

    def __init__(
        self,
        *conditions: Mapping[str, Condition],
        orders: Mapping[str, Order] | None = None,
        related: Mapping[str, Related] | None = None,
        default_order: Order = NEWEST_FIRST,
    ) -> None:
        self.conditions = {name: condition for some in conditions for name, condition in some.items()}
        self.orders = {"id_desc": NEWEST_FIRST, "id_asc": ("pk",), **(orders or {})}
        self.related = related or {}
        self.default_order = default_order

    def find(self, records: QuerySet[ModelT], params: Mapping[str, str]) -> QuerySet[ModelT]:
        """Those that fit every parameter, in the order that was asked for."""
        return records.filter(self.condition(params)).order_by(*self._order(params))

    def condition(self, params: Mapping[str, str]) -> Q:
        """What every parameter asks for; parameters that mean nothing here are left aside."""
        found = Q()
        for name, text in params.items():
            if name in self.conditions:
                found &= self._condition(name, text)
        for name, related in self.related.items():
            inner = {
                key.removeprefix(f"{name}."): text
                for key, text in params.items()
                if key.startswith(f"{name}.")
            }
            if inner:
                found &= related(inner)
        return found

    def _condition(self, name: str, text: str) -> Q:
        try:
            return self.conditions[name](text)
        except UnsuitablePattern as error:
            raise Unprocessable(error.messages[0]) from error

    def _order(self, params: Mapping[str, str]) -> Order:
        order = params.get("order", "")
        if order == "custom" and (ids := _ids(params.get("id", ""))):
            return (_place_in(ids),)
        return self.orders.get(order, self.default_order)


def _ids(text: str) -> list[int]:
    spans = [integer_span(part) for part in text.split(",")]
    return [span.first for span in spans if span]


def _place_in(ids: list[int]) -> Func:
    """The order in which the ids were given."""
    given = Value(ids, output_field=ArrayField(BigIntegerField()))
    return Func(given, Cast(F("pk"), BigIntegerField()), function="array_position")


def without_blank_fields(action: Action) -> Action:
    """Sends a search form whose fields were left blank on to the address without them."""

    @wraps(action)
    def clean(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        query = request.GET.copy()
        for key in request.GET:
            if _SEARCH_KEY.fullmatch(key) and not any(value.strip() for value in request.GET.getlist(key)):
                del query[key]
        if len(query) < len(request.GET):
            return HttpResponseRedirect(f"{request.path}?{query.urlencode()}" if query else request.path)
        return action(request, *args, **kwargs)

    return clean


def search_params(request: HttpRequest) -> dict[str, str]:
    """What is in `search[...]`, without what was left blank.

    `search[a][b]` is named `a.b`. The values of a `search[a][]` that is given several times stand on a line
    each, since no name has line ends in it.
    """
    found: dict[str, str] = {}
    for key, values in request.GET.lists():
        match = _SEARCH_KEY.fullmatch(key)
        text = "\n".join(map(str, values)) if match and match[3] else str(request.GET[key])
        if match and text.strip():
            found[".".join(re.findall(_NAME, match[1]))] = text
    return found
