"""Who may write wiki pages, pools, artists and saved searches."""

from __future__ import annotations

from booru.models import Artist, Level, Pool, SavedSearch, WikiPage
from booru.web.http.policies import OwnRecordPolicy, Policy, RecordT


class _RecordPolicy(Policy[RecordT]):
    """Records that everybody in good standing writes; builders and up delete and restore them."""

    @property
    def can_create(self) -> bool:
        return self.in_good_standing

    @property
    def can_update(self) -> bool:
        return self.record is not None and self.in_good_standing

    @property
    def can_destroy(self) -> bool:
        return self.record is not None and self._is_builder

    @property
    def _is_builder(self) -> bool:
        return self.in_good_standing and self.level >= Level.BUILDER

    @property
    def write_fields(self) -> tuple[str, ...]:
        """What one may set."""
        return (*self._fields, "is_deleted") if self._is_builder else self._fields

    _fields: tuple[str, ...] = ()


class WikiPagePolicy(_RecordPolicy[WikiPage]):
    """A locked page is for builders and up (behaviour D.7)."""

    _fields = ("title", "other_names", "body")

    @property
    def can_update(self) -> bool:
        return super().can_update and (self._is_builder or not (self.record and self.record.is_locked))

    @property
    def write_fields(self) -> tuple[str, ...]:
        return (*super().write_fields, "is_locked") if self._is_builder else super().write_fields


class PoolPolicy(_RecordPolicy[Pool]):
    """A deleted pool is for builders and up (behaviour D.7)."""

    _fields = ("name", "description", "category", "post_ids")

    @property
    def can_update(self) -> bool:
        if self.record is None or self.user is None:
            return False
        return super().can_update and self.record.can_be_changed_by(self.user)


class ArtistPolicy(_RecordPolicy[Artist]):
    _fields = ("name", "group_name", "other_names", "urls")


class SavedSearchPolicy(OwnRecordPolicy[SavedSearch]):
    pass
