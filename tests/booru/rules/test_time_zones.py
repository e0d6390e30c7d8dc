from datetime import UTC, datetime

import pytest

from booru.rules.time_zones import time_zone, time_zone_names


def offset(name: str) -> float:
    """Hours, in the middle of winter."""
    return time_zone(name).utcoffset(datetime(2026, 1, 15)).total_seconds() / 3600  # type: ignore[union-attr]


def test_danboorus_default_name_is_the_time_of_new_york():
    assert time_zone_names()[0] == "Eastern Time (US & Canada)"
    assert offset("Eastern Time (US & Canada)") == offset("America/New_York") == -5


def test_places_are_named_once():
    names = time_zone_names()
    assert {"UTC", "Europe/Berlin", "Asia/Tokyo", "America/Argentina/Ushuaia"} <= set(names)
    assert len(names) == len(set(names))
    assert not any(name.startswith(("Etc/", "US/")) for name in names)


def test_every_name_that_is_offered_is_known():
    for name in time_zone_names():
        assert time_zone(name) is not UTC or name == "UTC"


@pytest.mark.parametrize(
    "name", ["", "Nowhere/Land", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000, "America"]
)
def test_a_name_that_is_not_known_is_utc(name):
    assert time_zone(name) is UTC
