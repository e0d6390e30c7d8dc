"""Posts and their versions as programs get them (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booru.web.lists.records import columns

if TYPE_CHECKING:
    from booru.models import Post, PostVersion

_POST_COLUMNS = (
    *(
        "id",
        "created_at",
        "updated_at",
        "uploader_id",
        "score",
        "source",
        "rating",
        "tag_string",
        "tag_count",
    ),
    *(
        "tag_count_general",
        "tag_count_artist",
        "tag_count_copyright",
        "tag_count_character",
        "tag_count_meta",
    ),
    *("fav_count", "parent_id", "is_pending", "is_flagged", "is_deleted", "is_banned", "approver_id"),
    *("up_score", "down_score", "image_width", "image_height", "file_ext", "file_size", "md5"),
)
_POST_VERSION_COLUMNS = (
    *("id", "post_id", "version", "updater_id", "bulk_update_request_id", "created_at", "updated_at", "tags"),
    *("added_tags", "removed_tags", "rating", "source"),
)


def post_record(post: Post) -> dict[str, Any]:
    return columns(post, _POST_COLUMNS)


def post_version_record(version: PostVersion) -> dict[str, Any]:
    return {**columns(version, _POST_VERSION_COLUMNS), "parent_id": version.parent_id_was}
