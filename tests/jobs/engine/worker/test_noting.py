"""An object that notes changes is asked whether somebody changed it."""

from __future__ import annotations

import random

from jobs.engine.worker.noting import note_changes_of


class Settings:
    def __init__(self) -> None:
        self.name = "as before"


def test_what_sets_or_deletes_an_attribute_is_noted():
    settings, other = Settings(), Settings()
    noted = note_changes_of(settings)
    assert (settings.name, noted.has_changed) == ("as before", False)
    other.name = "another's"
    assert not noted.has_changed
    settings.name = "changed"
    assert (settings.name, noted.has_changed) == ("changed", True)
    noted.has_changed = False
    del settings.name
    assert noted.has_changed


def test_its_class_looks_as_before():
    settings = Settings()
    note_changes_of(settings)
    assert isinstance(settings, Settings)
    assert (type(settings).__name__, type(settings).__module__) == ("Settings", __name__)


def test_who_asks_again_begins_again():
    settings = Settings()
    noted = note_changes_of(settings)
    settings.name = "changed"
    assert note_changes_of(settings) is noted
    assert not noted.has_changed


def test_seeding_is_noted_whoever_got_hold_of_the_function_before():
    numbers = random.Random(5)
    seed, draw = numbers.seed, numbers.random
    noted = note_changes_of(numbers)
    draw(), numbers.choice("abc"), numbers.randint(1, 6)
    assert not noted.has_changed
    seed(1)
    assert noted.has_changed
    noted.has_changed = False
    numbers.setstate(random.Random(7).getstate())
    assert noted.has_changed
