"""What a text says in its own words: its paragraphs without quotes, and whom it mentions (behaviour E.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.dtext.blocks import BLOCK, CODE_END, LINE_END
from booru.dtext.inline import mentioned_in
from booru.rules.user_names import normalize_user_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_CUT = "[...]"
_LONGEST_PARAGRAPH = 3000


def own_paragraphs(text: str) -> list[str]:
    """The paragraphs outside quotes, as they are written; code stays in one piece."""
    paragraphs = [""]
    for kind, piece in _pieces(text):
        if kind == "gap":
            paragraphs.append("")
        else:
            paragraphs[-1] += piece
    return [paragraph.strip() for paragraph in paragraphs if paragraph.strip()]


def mentioned_names(text: str) -> list[str]:
    """The users whom the text mentions outside quotes and code, each once, as names are compared."""
    prose = [piece for kind, piece in _pieces(text) if kind == "prose"]
    return list(dict.fromkeys(normalize_user_name(name) for piece in prose for name in mentioned_in(piece)))


def mention_excerpt(text: str, name: str) -> str:
    """The first paragraph that mentions the user, with one either side; `[...]` stands for what is cut."""
    paragraphs = own_paragraphs(text)
    places = (place for place, words in enumerate(paragraphs) if name in mentioned_names(words))
    place = next(places, 0)
    first, end = max(place - 1, 0), place + 2
    before, after = [_CUT] if first > 0 else [], [_CUT] if end < len(paragraphs) else []
    return "\n\n".join([*before, *(_shortened(words) for words in paragraphs[first:end]), *after])


def _shortened(paragraph: str) -> str:
    if len(paragraph) <= _LONGEST_PARAGRAPH:
        return paragraph
    return f"{paragraph[:_LONGEST_PARAGRAPH]} {_CUT}"


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """What is outside quotes: "prose", "code", and "gap" between paragraphs."""
    text = LINE_END.sub("\n", text)
    position = depth = 0
    while match := BLOCK.search(text, position):
        if not depth:
            yield "prose", text[position : match.start()]
        position = match.end()
        if (match["code"] or "").lower() == "code":
            end = CODE_END.search(text, position)
            position = end.end() if end else len(text)
            if not depth:
                yield "code", text[match.start() : position] + ("" if end else "[/code]")
        elif (match["block"] or "").lower() == "quote" and match["title"] is None:
            depth = max(depth - 1, 0) if match["close"] else depth + 1
            yield "gap", ""
        elif not depth:
            yield ("gap", "") if match["gap"] else ("prose", match[0])
    if not depth:
        yield "prose", text[position:]
