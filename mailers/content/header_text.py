"""Text as a header can hold it: one line, no control characters, ASCII on the wire (RFC 5322, RFC 2047)."""

from __future__ import annotations

import re
from email.header import Header

from mailers.content.strange_text import printable

# Line ends of every kind, and the other control characters.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# An encoded word may have 75 characters (RFC 2047, 2), but the first stands on a line with the header's name.
_ENCODED_WORD = 55
# A line may have 998 octets (RFC 5322, 2.1.1).
_LONG_WORD = 400
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9_-]+( [A-Za-z0-9_-]+)*")

MAX_DISPLAY_NAME = 64
MAX_SUBJECT = 200


def one_line(text: str) -> str:
    """The text without line ends and strange characters; runs of spaces become one."""
    return " ".join(printable(_CONTROL.sub(" ", text)).split())


def encode(value: str) -> str:
    """The value of an unstructured header as ASCII, on one line.

    Words that are not ASCII, too long for a line, or look encoded become encoded words; others stay readable.
    """
    parts: list[str] = []
    run: list[str] = []
    for word in one_line(value).split(" "):
        if _must_be_encoded(word):
            run.append(word)
            continue
        if run:
            parts.append(_encoded_words(" ".join(run)))
            run = []
        parts.append(word)
    if run:
        parts.append(_encoded_words(" ".join(run)))
    return " ".join(parts)


def subject(text: str) -> str:
    """A subject for EmailMessage, which encodes it itself."""
    return _not_encoded(one_line(text))[:MAX_SUBJECT].rstrip()


def mailbox(name: str, address: str) -> str:
    """`name <address>` for EmailMessage, which encodes it itself; the bare address when there is no name."""
    name = _not_encoded(one_line(name))[:MAX_DISPLAY_NAME].rstrip()
    if not name:
        return address
    if _PLAIN_PHRASE.fullmatch(name):
        return f"{name} <{address}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


def _must_be_encoded(word: str) -> bool:
    return not word.isascii() or "=?" in word or len(word) > _LONG_WORD


def _encoded_words(text: str) -> str:
    # Header puts each encoded word on a line of its own that begins with a space.
    return Header(text, "utf-8", maxlinelen=_ENCODED_WORD).encode(linesep="\n").replace("\n", "")


def _not_encoded(text: str) -> str:
    """The text such that no receiver takes a part of it for an encoded word."""
    return text.replace("=?", "= ?")
