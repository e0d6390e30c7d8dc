"""Settings that say a number for each level, such as `anonymous=3;gold=6`."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from booru.models import Level


def setting_for_level(name: str, level: int) -> float:
    """What the setting says for this level or the highest below it; 0 if it says nothing."""
    by_level = {_level(name, key): float(value) for key, value in getattr(settings, name).items()}
    reached = [known for known in by_level if known <= level]
    return by_level[max(reached)] if reached else 0.0


def _level(setting: str, name: str) -> Level:
    try:
        return Level[name.upper()]
    except KeyError as error:
        raise ImproperlyConfigured(f"{setting}: {name!r} is no level") from error
