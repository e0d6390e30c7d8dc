"""Objects that note when an attribute of theirs is set: quicker than to compare all that they hold."""

from __future__ import annotations

from typing import Any


class Noted:
    """What was noted of one object."""

    def __init__(self) -> None:
        self.has_changed = False


def note_changes_of(target: Any) -> Noted:
    """From now on, know whether an attribute of it was set or deleted. Its class becomes one of its own."""
    if isinstance(known := getattr(type(target), "_jobs_noted", None), Noted):
        known.has_changed = False
        return known
    noted = Noted()
    original: Any = type(target)

    def set_attribute(self: Any, name: str, value: object) -> None:
        noted.has_changed = True
        original.__setattr__(self, name, value)

    def delete_attribute(self: Any, name: str) -> None:
        noted.has_changed = True
        original.__delattr__(self, name)

    target.__class__ = type(
        original.__name__,
        (original,),
        {
            "__module__": original.__module__,
            "__qualname__": original.__qualname__,
            "__doc__": original.__doc__,
            "__setattr__": set_attribute,
            "__delattr__": delete_attribute,
            "_jobs_noted": noted,
        },
    )
    return noted
