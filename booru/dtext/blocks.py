"""DText's blocks: quotes, folds, code, headings, lists, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString

from booru.dtext.emojis import sticker_name
from booru.dtext.inline import emoji_html, render_inline
from booru.dtext.links import Links
from booru.visitors.time_limits import check_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Given what is embedded and its id ("bur", 1), the DText that stands for it, or None.
Embed = Callable[[str, int], str | None]
# What an embedded thing is called in a link to it.
_EMBEDDED = {"bur": "BUR", "ta": "alias", "ti": "implication"}

_DEEPEST_NESTING = 20
# A page must not grow out of all proportion to its text.
_MOST_EMBEDS = 20
BLOCK = re.compile(
    r"\[(?P<close>/?)(?P<block>quote|expand)(?:=(?P<title>[^\[\]\n]{0,200}+))?\]"
    r"|\[(?P<code>/?code)\]|\[(?P<rule>hr)\]|\[(?P<embed>bur|ta|ti):(?P<id>[0-9]{1,18}+)\]"
    r"|(?P<gap>\n(?:[ \t]*\n)+)",
    re.IGNORECASE,
)
_LINE = re.compile(r"(?:h(?P<heading>[1-6])\.[ ]?|(?P<stars>\*{1,6})[ ]+)(?P<rest>.*\S)\s*", re.IGNORECASE)
CODE_END = re.compile(r"\[/code\]", re.IGNORECASE)
LINE_END = re.compile("\r\n?")
_CLOSING_TAGS = {"quote": "</blockquote>", "expand": "</div></details>"}


def render(
    text: str,
    *,
    absolute: bool = False,
    embed: Embed | None = None,
    categories: Mapping[str, str] | None = None,
) -> SafeString:
    """The HTML of DText. Any text is good; it takes time linear in its length.

    absolute: links get the site's address, as emails need. embed: gives the DText that stands for
    `[bur:<id>]`, `[ta:<id>]` (an alias) and `[ti:<id>]` (an implication); without it, or when it gives None,
    there is a link. categories: the words for those of tags, whose links get their colour. Raises
    QueryTimedOut on a page with so much of it that the request's time is up.
    """
    check_time()
    document = _Document(Links(absolute=absolute, categories=categories), embed)
    # Everything that gets here is escaped, or written by the functions of this package.
    return SafeString(document.render(LINE_END.sub("\n", text)))


class _Document:
    """One text on its way to HTML: what is written so far, and which blocks are open."""

    def __init__(self, links: Links, embed: Embed | None) -> None:
        self._links = links
        self._embed = embed
        self._embeds_left = _MOST_EMBEDS
        self._written: list[str] = []
        self._opened: list[str] = []

    def render(self, text: str) -> str:
        position = 0
        while match := BLOCK.search(text, position):
            self._paragraph(text[position : match.start()])
            position = match.end()
            if (match["code"] or "").lower() == "code":
                position = self._code(text, position)
            else:
                self._block(match)
        self._paragraph(text[position:])
        self._written.extend(_CLOSING_TAGS[block] for block in reversed(self._opened))
        return "".join(self._written)

    def _block(self, match: re.Match[str]) -> None:
        if match["gap"]:
            return
        if match["rule"]:
            self._written.append("<hr>")
        elif match["embed"]:
            self._embedded(match["embed"].lower(), match["id"])
        elif match["block"] and match["close"]:
            self._close(match)
        elif match["block"]:
            self._open(match)
        else:
            self._paragraph(match[0])

    def _open(self, match: re.Match[str]) -> None:
        block = match["block"].lower()
        if len(self._opened) >= _DEEPEST_NESTING or (block == "quote" and match["title"] is not None):
            self._paragraph(match[0])
            return
        self._opened.append(block)
        if block == "quote":
            self._written.append("<blockquote>")
        else:
            summary = escape((match["title"] or "").strip() or "Show")
            self._written.append(f"<details><summary>{summary}</summary><div>")

    def _close(self, match: re.Match[str]) -> None:
        block = match["block"].lower()
        if block not in self._opened or match["title"] is not None:
            self._paragraph(match[0])
            return
        while (innermost := self._opened.pop()) != block:
            self._written.append(_CLOSING_TAGS[innermost])
        self._written.append(_CLOSING_TAGS[block])

    def _code(self, text: str, start: int) -> int:
        """Write what is in a [code] block, as it is; returns where the text goes on."""
        end = CODE_END.search(text, start)
        code = text[start : end.start() if end else len(text)]
        self._written.append(f"<pre>{escape(code.strip(chr(10)))}</pre>")
        return end.end() if end else len(text)

    def _embedded(self, kind: str, number: str) -> None:
        text = None
        if self._embed and self._embeds_left:
            self._embeds_left -= 1
            text = self._embed(kind, int(number))
        if text is None:
            self._written.append(f"<p>{self._links.record(_EMBEDDED[kind], number)}</p>")
        else:
            # A document of its own, so that a tag left open in it changes nothing around it.
            inner = _Document(self._links, None).render(LINE_END.sub("\n", text))
            self._written.append(f'<div class="dtext-embed">{inner}</div>')

    def _paragraph(self, text: str) -> None:
        """Lines without an empty one between them: headings, lists, and text."""
        lines = text.strip("\n").split("\n")
        for kind, group in groupby(lines, key=_kind_of):
            self._written.extend(self._lines(kind, list(group)))

    def _lines(self, kind: str, lines: list[str]) -> Iterator[str]:
        if kind == "text":
            body = render_inline("\n".join(lines).strip(), self._links)
            if body:
                yield f"<p>{body}</p>"
            return
        if kind == "sticker":
            names = [name for line in lines if (name := sticker_name(line))]
            yield "".join(f'<p class="dtext-sticker">{emoji_html(name)}</p>' for name in names)
            return
        matches = [match for line in lines if (match := _LINE.fullmatch(line))]
        if kind == "list":
            yield from self._list(matches)
            return
        for match in matches:
            yield f"<h{match['heading']}>{render_inline(match['rest'], self._links)}</h{match['heading']}>"

    def _list(self, items: list[re.Match[str]]) -> Iterator[str]:
        depth = 0
        for item in items:
            wanted = len(item["stars"])
            if wanted > depth:
                yield "<ul><li>" * (wanted - depth)
            else:
                yield "</li></ul>" * (depth - wanted) + "</li><li>"
            yield render_inline(item["rest"], self._links)
            depth = wanted
        yield "</li></ul>" * depth


def _kind_of(line: str) -> str:
    match = _LINE.fullmatch(line)
    if match is None:
        return "sticker" if sticker_name(line) else "text"
    return "heading" if match["heading"] else "list"
