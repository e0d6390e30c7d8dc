"""Which records a request changed, and what they were before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

    from booru.models import BulkUpdateRequest, User
    from booru.models.versions.record_version import RecordVersion


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record that the request changed."""

    record: Any
    # Its last version before the request; None when the request made it.
    before: Any | None
    # Is the last change somebody else's, or another request's? Then it is left as it is.
    is_changed_since: bool
    last_changed_by: User | None

    @property
    def who(self) -> str:
        return f"@{self.last_changed_by.name}" if self.last_changed_by else "somebody"


def changed_records(
    bur: BulkUpdateRequest, versions: type[RecordVersion], record_field: str
) -> Iterator[ChangedRecord]:
    """Every record with a version that is credited to the request, by id."""
    manager = versions._default_manager
    model: type[Model] = versions._meta.get_field(record_field).related_model  # type: ignore[assignment]
    ids = manager.filter(bulk_update_request=bur).values(f"{record_field}_id")
    for record in model._default_manager.filter(pk__in=ids).order_by("pk"):
        history = manager.filter(**{record_field: record}).order_by("-version").select_related("updater")
        latest = history[0]
        before = next((one for one in history if one.bulk_update_request_id != bur.pk), None)
        yield ChangedRecord(record, before, latest.bulk_update_request_id != bur.pk, latest.updater)
