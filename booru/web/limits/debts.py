"""Who has asked too much lately, and where, as far as this process knows."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 10_000
# How long it is remembered that a page was dear for somebody.
_KEPT_FOR = 600


@dataclass
class _Debtor:
    until: float = 0
    # When each route was dear last.
    routes: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Debt:
    """How long it lasts still, and whether what is asked for now is what it comes from."""

    seconds: float
    is_from_here: bool


class Debts:
    """In memory, so that nobody who owes nothing waits for a look at them. The newest 10,000 debtors."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._debtors: OrderedDict[str, _Debtor] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self._debtors)

    def note(self, key: str, route: str, seconds: float) -> None:
        """The route was dear; the debt, if there is one now, lasts so many seconds."""
        now = time.time()
        with self._lock:
            debtor = self._debtors.setdefault(key, _Debtor())
            self._debtors.move_to_end(key)
            debtor.until = now + seconds
            debtor.routes[route] = now
            while len(self._debtors) > _MOST:
                self._debtors.popitem(last=False)

    def of(self, keys: Iterable[str], route: str) -> Debt | None:
        """The longest debt of these."""
        now = time.time()
        owed = [debtor for key in keys if (debtor := self._debtors.get(key)) and debtor.until > now]
        if not owed:
            return None
        is_from_here = any(debtor.routes.get(route, 0) > now - _KEPT_FOR for debtor in owed)
        return Debt(max(debtor.until for debtor in owed) - now, is_from_here)

    def clear(self) -> None:
        with self._lock:
            self._debtors.clear()
