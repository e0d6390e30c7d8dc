"""Characters that make text read as other than it is, or that no mail can carry: taken out of every email."""

from __future__ import annotations

import re

# Those that turn the direction of what follows: a name could make "moc.live" read as "evil.com".
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Those that nobody sees: soft hyphens, fillers, zero-width and annotation characters, hidden tags.
_UNSEEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
_STRANGE = re.compile(f"[{_DIRECTIONS}{_UNSEEN}]")
# Joiners are part of emoji and of some scripts, and of nothing that is ASCII.
_OTHERS = "[^\\x00-\\x7f\u200c\u200d]"
_LONE_JOINER = re.compile(f"(?<!{_OTHERS})[\u200c\u200d]|[\u200c\u200d](?!{_OTHERS})")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_END = re.compile("[\x0b\x0c\x85\u2028\u2029]")


def printable(text: str) -> str:
    """The text without them, as UTF-8 can hold it; the line ends that not everybody knows become spaces."""
    text = text.encode("utf-8", "replace").decode()
    seen = _LONE_JOINER.sub("", _STRANGE.sub("", text))
    return _CONTROL.sub("", _LINE_END.sub(" ", seen))
