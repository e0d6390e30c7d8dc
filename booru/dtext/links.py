"""Links in DText: where they lead, and their HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.html import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

# What `<word> #<id>` leads to.
RECORD_PATHS: Final = {
    "post": "/posts",
    "topic": "/forum_topics",
    "forum": "/forum_posts",
    "user": "/users",
    "dmail": "/dmails",
    "bur": "/bulk_update_requests",
    "pool": "/pools",
    "artist": "/artists",
    "tag": "/tags",
    "alias": "/tag_aliases",
    "implication": "/tag_implications",
}
_QUALIFIERS = re.compile(r"(?:[ _]*\([^()]*\))+$")
# Two slashes, or a slash and a backslash, would lead to another site.
_SAFE_URL = re.compile(r"https?://[^\s]|/(?![/\\])|#", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_AFTER_SENTENCE = ".,;:!?'\"*"


class Links:
    """Makes links that work on the site or, when absolute, anywhere, as in an email.

    `categories`: of the tags whose links are to be in the colour of their category, the category.
    """

    def __init__(self, *, absolute: bool, categories: Mapping[str, str] | None = None) -> None:
        self._root = settings.DANBOORU_CANONICAL_URL if absolute else ""
        self._categories = categories or {}

    def wiki_page(self, target: str, title: str | None) -> str:
        """`[[target]]`; an empty title, as in `[[tag (qualifier)|]]`, hides the qualifier."""
        name = "_".join(target.split()).lower()
        text = target if title is None else title.strip() or _QUALIFIERS.sub("", target)
        category = self._categories.get(name)
        css_class = f"dtext-wiki-link tag-{category}" if category else "dtext-wiki-link"
        return self._to(f"/wiki_pages/{_quoted(name)}", text or target, css_class)

    def search(self, tags: str, title: str | None) -> str:
        query = urlencode({"tags": tags.strip()}, errors="replace")
        return self._to(f"/posts?{query}", (title or "").strip() or tags, "dtext-post-search-link")

    def user(self, name: str) -> str:
        query = urlencode({"search[name_matches]": name}, errors="replace")
        return self._to(f"/users?{query}", f"@{name}", "dtext-user-mention-link")

    def record(self, word: str, number: str) -> str:
        """`post #1` and the like."""
        path = f"{RECORD_PATHS[word.lower()]}/{number}"
        return self._to(path, f"{word} #{number}", f"dtext-{word.lower()}-id-link")

    def url(self, url: str, text: str) -> str:
        """A link to what somebody typed; only the text when it leads nowhere a link may lead."""
        if not _SAFE_URL.match(url):
            return escape(text)
        if _WEB.match(url):
            return _anchor(url, text, "dtext-external-link", ' rel="external nofollow noreferrer"')
        return _anchor(url, text, "dtext-link") if url.startswith("#") else self._to(url, text, "dtext-link")

    def _to(self, path: str, text: str, css_class: str) -> str:
        return _anchor(f"{self._root}{path}", text, css_class)


def without_sentence_end(url: str) -> str:
    """The URL without what belongs to the sentence around it: a full stop, the end of a parenthesis."""
    unopened = url.count(")") - url.count("(")
    while url:
        if url[-1] == ")" and unopened > 0:
            unopened -= 1
        elif url[-1] not in _AFTER_SENTENCE:
            break
        url = url[:-1]
    return url


def _quoted(name: str) -> str:
    return quote(name, safe="()!*',:;@$&+=~", errors="replace")


def _anchor(url: str, text: str, css_class: str, attributes: str = "") -> str:
    return f'<a class="{css_class}" href="{escape(url)}"{attributes}>{escape(text)}</a>'
