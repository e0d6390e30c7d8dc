"""Rewrites the links to a tag that got another name (behaviour B.5)."""

from __future__ import annotations

import re

_LINK = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]|\n]*))?\]\]")
_SPACES = re.compile(r" +")
_QUALIFIERS = re.compile(r"(?: *\([^()]*\))+$")


def rewrite_wiki_links(text: str, old: str, new: str) -> str:
    """The text with its links to the tag `old` leading to `new`, written in the same kind of letters.

    A link in a mix of capitals that follows no rule is left as it is.
    """
    return _LINK.sub(lambda link: _rewritten(link, _plain(old), new.replace("_", " ")), text)


def _rewritten(link: re.Match[str], old: str, new: str) -> str:
    name, title = link[1], link[2]
    if _plain(name) != old:
        return link[0]
    written = _in_letters_of(name, new)
    if written is None:
        return link[0]
    if title:
        return f"[[{written}|{title}]]"
    return f"[[{written}|]]" if _QUALIFIERS.search(written) else f"[[{written}]]"


def _plain(name: str) -> str:
    return _SPACES.sub(" ", name.lower().replace("_", " ")).strip()


def _in_letters_of(model: str, name: str) -> str | None:
    """The name in lower case, capitalised or title-cased, whichever the model is."""
    model = _QUALIFIERS.sub("", model.replace("_", " ").strip())
    lower = model.lower()
    if model == lower:
        return name.lower()
    if model == _capitalized(lower):
        return _capitalized(name.lower())
    if model == _title_cased(lower):
        base, parenthesis, qualifiers = name.partition("(")
        return _title_cased(base.lower()) + parenthesis + qualifiers.lower()
    return None


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def _title_cased(text: str) -> str:
    return " ".join(_capitalized(word) for word in text.split(" "))
