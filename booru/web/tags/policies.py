"""Who may change tags, aliases and implications."""

from __future__ import annotations

from booru.models import Level, Tag, WikiPage
from booru.models.tag_relationships.tag_relationship import TagRelationship
from booru.web.http.policies import Policy


class TagPolicy(Policy[Tag]):
    """The more posts a tag has, the fewer may change its category (behaviour C.4)."""

    @property
    def can_update(self) -> bool:
        return self.record is not None and self.in_good_standing

    @property
    def can_change_category(self) -> bool:
        if self.record is None or self.user is None or not self.in_good_standing:
            return False
        return self.record.can_be_recategorised_by(self.user)

    @property
    def can_change_deprecation(self) -> bool:
        """A tag is deprecated only with a page that tells what to use instead."""
        if self.record is None or not self.in_good_standing or self.level < Level.ADMIN:
            return False
        pages = WikiPage.objects.filter(title=self.record.name, is_deleted=False)
        return self.record.is_deprecated or pages.exists()

    @property
    def update_fields(self) -> tuple[str, ...]:
        """What an update may change."""
        fields = {"category": self.can_change_category, "is_deprecated": self.can_change_deprecation}
        return tuple(name for name, allowed in fields.items() if allowed)


class TagRelationshipPolicy(Policy[TagRelationship]):
    """Everybody looks, admins delete (behaviour B.1)."""

    @property
    def can_destroy(self) -> bool:
        return self.record is not None and self.in_good_standing and self.level >= Level.ADMIN
