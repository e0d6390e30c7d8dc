"""Tag aliases: one name stands for another (behaviour B.2)."""

from __future__ import annotations

from booru.models.tag_relationship import TagRelationship


class TagAlias(TagRelationship):
    class Meta(TagRelationship.Meta):
        db_table = "tag_aliases"
