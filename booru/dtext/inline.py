"""DText inside a paragraph: emphasis and links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.html import escape

from booru.dtext.emojis import EMOJI, EMOJIS
from booru.dtext.links import RECORD_PATHS, without_sentence_end
from booru.rules.wiki_links import WIKI_LINK

if TYPE_CHECKING:
    from booru.dtext.links import Links

_HTML_TAGS = {"b": "strong", "i": "em", "u": "u", "s": "s", "tn": "small"}

# Every repetition stops at its own opening sign or has a limit, so the time is linear in the text's length.
_MARKUP = re.compile(
    rf"""
      \[(?P<close>/?)(?P<tag>{"|".join(_HTML_TAGS)})\]
    | {WIKI_LINK}
    | \{{\{{ (?P<search>[^{{}}|\n]{{1,1000}}+) (?: \| (?P<search_title>[^{{}}|\n]{{0,300}}+) )? \}}\}}
    | "(?P<text>[^"\n]{{1,1000}}+)":
      (?: \[(?P<boxed_url>[^\[\]\s]{{1,2000}}+)\] | (?P<bare_url>(?:https?:/|[/\#])[^\s<>\[\]"]{{1,2000}}+) )
    | <(?P<quoted_url>https?://[^\s<>"]{{1,2000}}+)>
    | (?P<url>(?<!\w)https?://[^\s<>\[\]"]{{1,2000}}+)
    | <@(?P<quoted_user>[^<>@\s]{{1,50}}+)>
    | (?<![\w@/])@(?P<user>\w(?:[\w.\-]{{0,30}}\w)?)(?!\w)
    | (?<!\w)(?P<record>{"|".join(RECORD_PATHS)})\s\#(?P<number>[0-9]{{1,18}}+)(?!\w)
    | {EMOJI}
    """,
    re.IGNORECASE | re.VERBOSE,
)


def render_inline(text: str, links: Links) -> str:
    """The HTML of text within one block; what is left open is closed at its end."""
    parts: list[str] = []
    opened: list[str] = []
    position = 0
    while match := _MARKUP.search(text, position):
        parts.append(_escaped(text[position : match.start()]))
        position = match.end()
        if match["tag"]:
            parts.append(_emphasis(match, opened))
        elif emoji := match["emoji"]:
            parts.append(emoji_html(emoji.lower()))
        elif url := match["bare_url"] or match["url"]:
            kept = without_sentence_end(url)
            position -= len(url) - len(kept)
            parts.append(links.url(kept, match["text"] or kept))
        else:
            parts.append(_link(match, links))
    parts.append(_escaped(text[position:]))
    parts.extend(f"</{_HTML_TAGS[tag]}>" for tag in reversed(opened))
    return "".join(parts)


def mentioned_in(text: str) -> list[str]:
    """The names of the users whom text within one block links to."""
    matches = _MARKUP.finditer(text)
    return [
        match["user"] or match["quoted_user"] for match in matches if match["user"] or match["quoted_user"]
    ]


def emoji_html(name: str) -> str:
    return f'<span class="dtext-emoji" title=":{name}:">{EMOJIS[name]}</span>'


def _emphasis(match: re.Match[str], opened: list[str]) -> str:
    """Opens or closes an element; a tag that would overlap another, or nests in itself, stays text."""
    tag = match["tag"].lower()
    if not match["close"] and tag not in opened:
        opened.append(tag)
        return f"<{_HTML_TAGS[tag]}>"
    if match["close"] and opened and opened[-1] == tag:
        opened.pop()
        return f"</{_HTML_TAGS[tag]}>"
    return escape(match[0])


def _link(match: re.Match[str], links: Links) -> str:
    if wiki := match["wiki"]:
        return links.wiki_page(wiki, match["wiki_title"]) if wiki.strip() else escape(match[0])
    if search := match["search"]:
        return links.search(search, match["search_title"])
    if url := match["boxed_url"] or match["quoted_url"]:
        return links.url(url, match["text"] or url)
    if user := match["user"] or match["quoted_user"]:
        return links.user(user)
    return links.record(match["record"], match["number"])


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")
