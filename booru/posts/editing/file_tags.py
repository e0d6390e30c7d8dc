"""The tags that follow from a post's file and source, as far as they are known (behaviour D.3)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from booru.posts.post_rows import PostRow

_ENOUGH_TAGS = 30
_TAGME = frozenset({"tagme"})
_NON_WEB_SOURCE = frozenset({"non-web_source"})
_SIZES = frozenset(["incredibly_absurdres", "absurdres", "highres", "lowres", "wide_image", "tall_image"])
_TYPES = {"swf": "flash", "webm": "video", "mp4": "video", "zip": "ugoira"}
_WEB = re.compile(r"https?://", re.IGNORECASE)


def with_file_tags(row: PostRow, tags: frozenset[str]) -> frozenset[str]:
    """The tags that the post gets when it shall have these; a post without tags gets `tagme`.

    What is not known of the file, because there is none, changes nothing.
    """
    stale, true = _of_file(row.image_width, row.image_height, row.file_ext)
    if not tags.isdisjoint(stale):
        tags -= stale
    if not tags:
        tags = _TAGME
    elif len(tags) >= _ENOUGH_TAGS and "tagme" in tags:
        tags -= _TAGME
    if row.source and not _WEB.match(row.source):
        true |= _NON_WEB_SOURCE
    return tags | true if true else tags


@lru_cache(maxsize=10_000)
def _of_file(width: int, height: int, file_ext: str) -> tuple[frozenset[str], frozenset[str]]:
    """The tags that must go, and those that are true."""
    stale, true = _NON_WEB_SOURCE, frozenset[str]()
    if width and height:
        stale |= _SIZES
        true |= {name for name, is_true in _size_rules(width, height).items() if is_true}
    if file_ext:
        stale |= set(_TYPES.values())
        true |= {_TYPES[file_ext]} if file_ext in _TYPES else set()
    return stale, true


def _size_rules(width: int, height: int) -> dict[str, bool]:
    return {
        "incredibly_absurdres": width >= 10_000 or height >= 10_000,
        "absurdres": width >= 3200 or height >= 2400,
        "highres": width >= 1600 or height >= 1200,
        "lowres": width <= 500 and height <= 500,
        "wide_image": width >= 1024 and width >= 4 * height,
        "tall_image": height >= 1024 and height >= 4 * width,
    }
