"""What a version of a wiki page, pool or artist changed, to be shown as additions and removals."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Model

    from booru.models.versions.record_version import RecordVersion

# What is shown of one field; the rest is only counted.
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    added: list[str]
    removed: list[str]
    # How many more there are of both.
    more: int


@dataclass(frozen=True, slots=True)
class VersionChanges:
    version: RecordVersion
    record: Model
    changes: list[FieldChange]


def with_changes(
    versions: Sequence[RecordVersion], record_name: str, fields: Iterable[str]
) -> list[VersionChanges]:
    """Each version with what it changed against the one before it."""
    fields = list(fields)
    key = f"{record_name}_id"
    before = _predecessors(versions, key)
    shown = []
    for version in versions:
        predecessor = before.get((getattr(version, key), version.version - 1))
        changes = _changes(predecessor, version, fields)
        shown.append(VersionChanges(version, getattr(version, record_name), changes))
    return shown


def _predecessors(versions: Sequence[RecordVersion], key: str) -> dict[tuple[int, int], RecordVersion]:
    if not versions:
        return {}
    record_ids = {getattr(version, key) for version in versions}
    numbers = {version.version - 1 for version in versions}
    manager = cast("Any", type(versions[0]))._default_manager
    found = manager.filter(**{f"{key}__in": record_ids}, version__in=numbers)
    return {(getattr(version, key), version.version): version for version in found}


def _changes(before: RecordVersion | None, after: RecordVersion, fields: list[str]) -> list[FieldChange]:
    changes = []
    for name in fields:
        old, new = _parts(before, name), _parts(after, name)
        if old != new:
            changes.append(_change(name.replace("_", " ").removeprefix("is ").capitalize(), old, new))
    return changes


def _parts(version: RecordVersion | None, name: str) -> list[str]:
    """The field as lines: those of a text, or the elements of a list."""
    value = getattr(version, name, "")
    if isinstance(value, bool):
        return ["yes"] if value else []
    if isinstance(value, list):
        return [str(element) for element in value]
    return [line for line in str(value).splitlines() if line.strip()]


def _change(label: str, old: list[str], new: list[str]) -> FieldChange:
    # Compared as bags of lines: linear in their number, where a true diff is not.
    added = list((Counter(new) - Counter(old)).elements())
    removed = list((Counter(old) - Counter(new)).elements())
    more = max(len(added) - _SHOWN, 0) + max(len(removed) - _SHOWN, 0)
    return FieldChange(label, added[:_SHOWN], removed[:_SHOWN], more)
