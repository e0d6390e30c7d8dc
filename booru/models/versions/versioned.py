"""Records whose every edit is kept as a version: wiki pages, pools, artists (behaviour D.7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from booru.models.base import TimestampedModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from typing import Self

    from booru.models.versions.credit import Credit
    from booru.models.versions.record_version import RecordVersion

    State = dict[str, Any]

# Edits of one person, for the same request, within this time become one version.
MERGE_WINDOW = timedelta(hours=1)

V = TypeVar("V", bound="VersionedModel")


class VersionedManager(models.Manager[V]):
    def make(self, credit: Credit, **fields: object) -> V:
        """Save a new record and its first version; raises ValidationError when a rule is against it."""
        record: V = self.model()
        record.update(credit, **fields)
        return record

    def lock(self, condition: models.Q) -> list[V]:
        """The records, locked in the order of their ids until the transaction ends."""
        return list(self.select_for_update(no_key=True).filter(condition).order_by("id"))


class VersionedModel(TimestampedModel):
    """A subclass names the fields that a version holds, and says what its rules are."""

    versioned: ClassVar[tuple[str, ...]]
    # Filled by the version's foreign key.
    versions: Any

    class Meta:
        abstract = True

    def normalize(self) -> None:
        """Bring the fields into the form in which they are saved."""

    def problems(self, before: State) -> Iterator[tuple[str, str]]:
        """The rules that are broken, as field and message; `before` is what is saved, empty for a new one."""
        raise NotImplementedError

    def update(self, credit: Credit, **fields: object) -> None:
        """Set the fields, save, and write a version; raises ValidationError when a rule is against it."""
        self.change(credit, lambda record: record.assign(**fields))

    def assign(self, **fields: object) -> None:
        """Set the fields without saving them."""
        for name, value in fields.items():
            setattr(self, name, value)

    def change(self, credit: Credit, how: Callable[[Self], None], *, is_checked: bool = True) -> None:
        """Let `how` change the record as it is saved now, under a lock; save it and write a version.

        Nothing is written when nothing changed. What was set and not saved before is lost, except in a new
        record. Raises ValidationError when a rule is against it, unless `is_checked` is off.
        """
        with transaction.atomic():
            before = self._read_again()
            how(self)
            self.normalize()
            if is_checked:
                self.validate(before)
            if self.state() != before:
                self._store(before, credit)

    def validate(self, before: State) -> None:
        """Raises ValidationError with every rule that is broken."""
        errors: dict[str, list[str]] = {}
        for field, message in self.problems(before):
            errors.setdefault(field, []).append(message)
        if errors:
            raise ValidationError(errors)

    def state(self) -> State:
        """What a version of it would hold."""
        state = {name: getattr(self, name) for name in self.versioned}
        return {name: list(value) if isinstance(value, list) else value for name, value in state.items()}

    def _read_again(self) -> State:
        if self._state.adding:
            return {}
        rows = type(self)._default_manager.select_for_update(no_key=True)
        self.refresh_from_db(from_queryset=rows)
        return self.state()

    def _store(self, before: State, credit: Credit) -> None:
        was_saved_at = self.updated_at
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            # Somebody took the name at this very moment; say so in the usual words.
            self.validate(before)
            raise
        if before and not self.versions.exists():
            self._add_version(1, before, was_saved_at)
        self._write_version(credit)

    def _write_version(self, credit: Credit) -> None:
        now = timezone.now()
        latest: RecordVersion | None = self.versions.order_by("-version").first()
        if latest is None or not latest.continues(credit, now - MERGE_WINDOW):
            self._add_version(latest.version + 1 if latest else 1, self.state(), now, credit)
            return
        for name, value in {**self.state(), "updated_at": now}.items():
            setattr(latest, name, value)
        latest.save()

    def _add_version(self, number: int, state: State, at: datetime, credit: Credit | None = None) -> None:
        self.versions.create(
            version=number,
            updater=credit.user if credit else None,
            bulk_update_request=credit.bulk_update_request if credit else None,
            created_at=at,
            updated_at=at,
            **state,
        )
