"""Tags, their versions and relationships as programs get them (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booru.web.lists.records import columns

if TYPE_CHECKING:
    from booru.models import Tag, TagVersion
    from booru.models.tag_relationships.tag_relationship import TagRelationship

_TAG_COLUMNS = (
    *("id", "created_at", "updated_at", "name", "post_count", "category", "is_deprecated"),
    "words",
)
_TAG_VERSION_COLUMNS = (
    *("id", "created_at", "updated_at", "tag_id", "updater_id", "bulk_update_request_id", "version"),
    *("name", "category", "is_deprecated"),
)
_RELATIONSHIP_COLUMNS = (
    *("id", "created_at", "updated_at", "antecedent_name", "consequent_name", "creator_id", "approver_id"),
    *("forum_topic_id", "forum_post_id", "status", "reason"),
)


def tag_record(tag: Tag) -> dict[str, Any]:
    return columns(tag, _TAG_COLUMNS)


def tag_version_record(version: TagVersion) -> dict[str, Any]:
    return columns(version, _TAG_VERSION_COLUMNS)


def tag_relationship_record(relationship: TagRelationship) -> dict[str, Any]:
    return columns(relationship, _RELATIONSHIP_COLUMNS)
