"""Records as programs get them: the columns under Danbooru's names (behaviour N)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from booru.models import BulkUpdateRequest, Dmail, Post, User

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
    *("fav_count", "parent_id", "is_pending", "is_flagged", "is_deleted", "is_banned"),
)
_USER_COLUMNS = ("id", "name", "level", "created_at", "post_update_count", "is_banned", "is_deleted")
_BUR_COLUMNS = (
    *("id", "created_at", "updated_at", "user_id", "forum_topic_id", "forum_post_id", "approver_id"),
    *("script", "status", "tags"),
)
_DMAIL_COLUMNS = ("title", "body", "is_read", "is_deleted", "created_at", "updated_at", "key")


def _columns(record: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def post_record(post: Post) -> dict[str, Any]:
    return _columns(post, _POST_COLUMNS)


def user_record(user: User) -> dict[str, Any]:
    return {**_columns(user, _USER_COLUMNS), "level_string": user.level_name}


def dmail_record(dmail: Dmail) -> dict[str, Any]:
    return {
        "id": dmail.pk,
        "owner_id": dmail.owner_id,
        "from_id": dmail.from_user_id,
        "to_id": dmail.to_user_id,
        **_columns(dmail, _DMAIL_COLUMNS),
    }


def bulk_update_request_record(bur: BulkUpdateRequest) -> dict[str, Any]:
    return _columns(bur, _BUR_COLUMNS)
