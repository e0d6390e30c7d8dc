"""Tag implications: a post with one tag also gets the other (behaviour B.3)."""

from __future__ import annotations

from booru.models.tag_relationship import TagRelationship


class TagImplication(TagRelationship):
    class Meta(TagRelationship.Meta):
        db_table = "tag_implications"
