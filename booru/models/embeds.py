"""Which pictures a text may show: those of `!post #<id>` lines (behaviour E.3)."""

from __future__ import annotations

import re

from booru.models.post import Post

_MAX_IMAGES = 5
_EMBED = re.compile(r"^(?:\*+ )?!post #([0-9]{1,18})\b", re.IGNORECASE | re.MULTILINE)
_NOT_SAFE_FOR_WORK = (Post.Rating.QUESTIONABLE, Post.Rating.EXPLICIT)


def embed_errors(text: str) -> list[str]:
    """What is wrong with the pictures that the text shows. Too many of them are not looked at one by one."""
    post_ids = [int(number) for number in _EMBED.findall(text)]
    if len(post_ids) > _MAX_IMAGES:
        return [f"can't include more than {_MAX_IMAGES} images"]
    if post_ids and Post.objects.filter(pk__in=post_ids, rating__in=_NOT_SAFE_FOR_WORK).exists():
        return ["can't include NSFW images"]
    return []
