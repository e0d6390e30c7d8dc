"""Trouble with one tag: moving it raises, until it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.services.tags.tag_mover import TagMover

if TYPE_CHECKING:
    import pytest


class Trouble:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._errors: dict[str, Exception] = {}
        self.moved: list[str] = []
        move = TagMover.move

        def move_or_raise(mover: TagMover) -> None:
            self.moved.append(mover.old)
            if error := self._errors.get(mover.old):
                raise error
            move(mover)

        monkeypatch.setattr(TagMover, "move", move_or_raise)

    def with_tag(self, name: str, error: Exception) -> None:
        self._errors[name] = error

    def is_over(self) -> None:
        self._errors.clear()
        self.moved.clear()
