"""The emojis of DText: `:smile:` in a text, large as a sticker when it has a line to itself."""

from __future__ import annotations

import re
from typing import Final

EMOJIS: Final = {
    "angry": "\U0001f620",
    "cat": "\U0001f431",
    "clap": "\U0001f44f",
    "cry": "\U0001f622",
    "eyes": "\U0001f440",
    "fire": "\U0001f525",
    "grin": "\U0001f601",
    "heart": "\u2764\ufe0f",
    "laugh": "\U0001f602",
    "ok": "\U0001f44c",
    "party": "\U0001f389",
    "pray": "\U0001f64f",
    "sad": "\U0001f641",
    "shrug": "\U0001f937",
    "smile": "\U0001f604",
    "sparkles": "\u2728",
    "star": "\u2b50",
    "surprised": "\U0001f62e",
    "sweat": "\U0001f605",
    "think": "\U0001f914",
    "thumbsdown": "\U0001f44e",
    "thumbsup": "\U0001f44d",
    "wave": "\U0001f44b",
    "wink": "\U0001f609",
}
EMOJI: Final = rf"(?<![\w:]):(?P<emoji>{'|'.join(EMOJIS)}):(?![\w:])"

_EMOJI = re.compile(EMOJI, re.IGNORECASE)
_STICKER = re.compile(rf"^[ \t]*{EMOJI}[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


def sticker_name(line: str) -> str | None:
    """The emoji that is alone on the line, if one is."""
    match = _STICKER.fullmatch(line)
    return match["emoji"].lower() if match else None


def count_emojis(text: str) -> tuple[int, int]:
    """How many stickers there are, and how many small emojis."""
    stickers = len(_STICKER.findall(text))
    return stickers, len(_EMOJI.findall(text)) - stickers
