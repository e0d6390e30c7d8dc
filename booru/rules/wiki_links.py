"""Wiki links in DText: where they lead, and how they follow a tag that got another name (behaviour B.5)."""

from __future__ import annotations

import re

# `[[page]]` and `[[page|title]]`. Every repetition stops at its own sign and has a limit.
WIKI_LINK = r"\[\[(?P<wiki>[^\[\]|\n]{1,300}+)(?:\|(?P<wiki_title>[^\[\]|\n]{0,300}+))?\]\]"

_LINK = re.compile(WIKI_LINK)
_SPACES = re.compile(r" +")
_QUALIFIERS = re.compile(r"(?: *\([^()]*\))+$")


def linked_titles(text: str) -> list[str]:
    """The pages that the text links to, each once."""
    return sorted({title_key(link["wiki"]) for link in _LINK.finditer(text)})


def title_key(name: str) -> str:
    """The name of a page or tag by which links to it are found."""
    return _plain(name).replace(" ", "_")


def rewrite_wiki_links(text: str, old: str, new: str) -> str:
    """The text with its links to the tag `old` leading to `new`, written in the same kind of letters.

    A link in a mix of capitals that follows no rule is left as it is.
    """
    return _LINK.sub(lambda link: _rewritten(link, _plain(old), new.replace("_", " ")), text)


def _rewritten(link: re.Match[str], old: str, new: str) -> str:
    name, title = link["wiki"], link["wiki_title"]
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
