"""What a text may show: pictures in `!post #<id>` lines, emojis and stickers (behaviour E.3)."""

from __future__ import annotations

import re

from booru.dtext.emojis import count_emojis
from booru.models.posts.post import Post

_MAX_STICKERS = 5
_MAX_EMOJIS = 100
_MAX_IMAGES = 5
_MAX_VIDEO_BYTES = 1024 * 1024
_EMBED = re.compile(r"^(?:\*+ )?!(post|asset) #([0-9]{1,18})\b", re.IGNORECASE | re.MULTILINE)
_VIDEOS = ("mp4", "webm")
_NOT_SAFE_FOR_WORK = (Post.Rating.QUESTIONABLE, Post.Rating.EXPLICIT)


def embed_errors(text: str) -> list[str]:
    """What is wrong with what the text shows. Too many pictures are not looked at one by one."""
    stickers, emojis = count_emojis(text)
    errors = []
    if stickers > _MAX_STICKERS:
        errors.append(f"can't include more than {_MAX_STICKERS} stickers")
    if emojis > _MAX_EMOJIS:
        errors.append(f"can't include more than {_MAX_EMOJIS} emojis")
    return errors + _image_errors(text)


def _image_errors(text: str) -> list[str]:
    embeds = _EMBED.findall(text)
    if len(embeds) > _MAX_IMAGES:
        return [f"can't include more than {_MAX_IMAGES} images"]
    post_ids = [int(number) for kind, number in embeds if kind.lower() == "post"]
    posts = list(Post.objects.filter(pk__in=post_ids)) if post_ids else []
    errors = []
    if any(post.file_ext in _VIDEOS and post.file_size > _MAX_VIDEO_BYTES for post in posts):
        errors.append("can't include videos larger than 1 MB")
    if any(post.rating in _NOT_SAFE_FOR_WORK for post in posts):
        errors.append("can't include NSFW images")
    return errors
