"""The active relationships of one kind, as pairs of names that can be changed without asking the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    Sides = dict[str, dict[str, None]]


class Pairs:
    """In the order in which they were made: one that is added again counts as the newest."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._there: Sides = {}
        self._back: Sides = {}
        for antecedent, consequent in pairs:
            self.add(antecedent, consequent)

    def copy(self) -> Self:
        other = type(self)()
        other._there = {name: dict(ends) for name, ends in self._there.items()}
        other._back = {name: dict(ends) for name, ends in self._back.items()}
        return other

    def has(self, antecedent: str, consequent: str) -> bool:
        return consequent in self._there.get(antecedent, ())

    def add(self, antecedent: str, consequent: str) -> None:
        self.remove(antecedent, consequent)
        self._there.setdefault(antecedent, {})[consequent] = None
        self._back.setdefault(consequent, {})[antecedent] = None

    def remove(self, antecedent: str, consequent: str) -> None:
        self._there.get(antecedent, {}).pop(consequent, None)
        self._back.get(consequent, {}).pop(antecedent, None)

    def remove_all_of(self, name: str) -> None:
        """Those that lead to the name, and those that lead on from it."""
        for antecedent in self.antecedents(name):
            self.remove(antecedent, name)
        for consequent in self.consequents(name):
            self.remove(name, consequent)

    def consequents(self, antecedent: str) -> list[str]:
        return list(self._there.get(antecedent, ()))

    def antecedents(self, consequent: str) -> list[str]:
        return list(self._back.get(consequent, ()))

    def reached_from(self, names: Iterable[str]) -> set[str]:
        """What one or more of them lead to from any of the names."""
        reached: set[str] = set()
        waiting = list(names)
        while waiting:
            ends = self._there.get(waiting.pop(), {}).keys() - reached
            reached |= ends
            waiting.extend(ends)
        return reached

    def reaches(self, antecedent: str, consequent: str, *, without: tuple[str, str] | None = None) -> bool:
        """Does one or more of them, but not the one `without`, lead from one name to the other?"""
        seen: set[str] = set()
        waiting = [antecedent]
        while waiting:
            name = waiting.pop()
            for end in self._there.get(name, ()):
                if end in seen or (name, end) == without:
                    continue
                if end == consequent:
                    return True
                seen.add(end)
                waiting.append(end)
        return False
