"""Cleans text that people type, and tells when there is nothing to see in it (behaviour 0.1)."""

from __future__ import annotations

import re
import unicodedata

_ZERO_WIDTH = dict.fromkeys([0x180E, 0x200B, 0x200C, 0x2060, 0xFEFF])
_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_END = re.compile("\r\n|[\r\n\v\f\u0085\u2028\u2029]")
# Unicode's property Default_Ignorable_Code_Point.
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_BLANK_BRAILLE = "\u2800"
_INVISIBLE = re.compile(rf"[\s{_IGNORABLE}{_BLANK_BRAILLE}]*")


def normalize_whitespace(text: str, eol: str = "\n") -> str:
    """No zero-width characters, one kind of space, and `eol` as the only line ending.

    The joiner U+200D stays, because it holds emoji together.
    """
    text = _SPACE.sub(" ", text.translate(_ZERO_WIDTH))
    return _LINE_END.sub(lambda _: eol, text)


def is_invisible(text: str) -> bool:
    """Nothing in it can be seen; true of the empty text too."""
    return _INVISIBLE.fullmatch(text) is not None


def dtext_attribute(text: str) -> str:
    """What is saved of text with markup: NFC, CRLF line endings, nothing around it."""
    return normalize_whitespace(unicodedata.normalize("NFC", text), eol="\r\n").strip()


def title_attribute(text: str) -> str:
    """What is saved of a title: NFC, LF line endings, nothing around it."""
    return normalize_whitespace(unicodedata.normalize("NFC", text)).strip()


def visible_text_errors(text: str, maximum: int) -> list[str]:
    """What is wrong with text that must be seen and have at most `maximum` characters (behaviour 0.2)."""
    if is_invisible(text):
        return ["can't be blank"]
    return [f"is too long (maximum is {maximum} characters)"] if len(text) > maximum else []
