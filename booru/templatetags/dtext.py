"""Template filters for text with markup: {{ body|dtext }}, with {{ body|dtext_absolute }} in emails."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from django import template
from django.utils.html import strip_tags

from booru.dtext import render
from booru.dtext.prose import own_paragraphs
from booru.services.tags.link_categories import link_categories

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()

_HREF = re.compile(r'href="([^"]*)"')
# As much of a text as a list shows of it.
_TEASER = 300


@register.filter
def dtext(text: str) -> SafeString:
    """The HTML of DText, with links within the site."""
    return render(text)


@register.filter
def script_dtext(text: str) -> SafeString:
    """The same with the links to tags in the colours of their categories; asks the database for them."""
    return render(text, categories=link_categories([text]))


@register.filter
def dtext_absolute(text: str) -> SafeString:
    """The same with links that work outside the site."""
    return render(text, absolute=True)


@register.filter
def dtext_urls(text: str) -> list[str]:
    """Where the links of DText lead, each once, for a text that cannot have links."""
    return list(dict.fromkeys(unescape(url) for url in _HREF.findall(dtext_absolute(text))))


@register.filter
def dtext_teaser(text: str) -> str:
    """The first words outside quotes, without any markup."""
    words = " ".join(own_paragraphs(text[: 10 * _TEASER]))[:_TEASER]
    return " ".join(unescape(strip_tags(render(words))).split())
