"""The URLs of artists; one that begins with `-` is dead (behaviour D.7)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from booru.rules.text import normalize_whitespace

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEAD = "-"
_WEB = re.compile(r"https?://[^\s/?#]+[^\s]*")


def normalize_urls(urls: Iterable[str]) -> list[str]:
    """Sorted, each once: what is said of a URL first, dead or not, counts."""
    said: dict[str, str] = {}
    for text in urls:
        url = normalize_url(text)
        if url.removeprefix(_DEAD):
            said.setdefault(url.removeprefix(_DEAD), url)
    return sorted(said.values())


def normalize_url(text: str) -> str:
    """With a scheme, the host in lower case, and no slash at its end."""
    text = normalize_whitespace(unicodedata.normalize("NFC", text)).strip()
    dead, url = (_DEAD, text[1:]) if text.startswith(_DEAD) else ("", text)
    if url and "://" not in url:
        url = f"https://{url}"
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{dead}{scheme.lower()}{separator}{host.lower()}{slash}{path}".rstrip("/")


def is_web_url(url: str) -> bool:
    """Whether it leads to a page, dead or alive."""
    return _WEB.fullmatch(url.removeprefix(_DEAD)) is not None
