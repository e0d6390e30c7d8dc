"""Metatags about a post's file: `filetype:`, `md5:`, `filesize:`, `mpixels:`, `ratio:`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import Q

from booru.posts.search.metatags.registry import metatag
from booru.search.conditions import in_range
from booru.search.values import Span

if TYPE_CHECKING:
    from booru.posts.search.searcher import Searcher
    from booru.search.language.tree import Metatag

FILE_TYPES = frozenset({"jpg", "png", "gif", "webp", "avif", "mp4", "webm", "swf", "zip"})

_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_RATIO = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")
_SIZE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(b|kb?|mb?)?", re.IGNORECASE)
_UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20}
# Sizes that are written as a fraction or with a unit are meant roughly.
_ROUGHLY = 0.05
# A ratio has two digits behind its point.
_NEARLY = 0.005


@metatag("filetype")
def by_type(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    return Q(file_ext__in=[word.strip() for word in term.value.lower().split(",")])


@metatag("md5")
def by_md5(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    if term.value.lower() in {"any", "none"}:
        return Q(md5__isnull=term.value.lower() == "none")
    return Q(md5__in=[word.strip() for word in term.value.lower().split(",")])


@metatag("filesize")
def by_size(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    """In bytes, `200kb` or `1.5m`."""
    return in_range("file_size", term.value, _size_span)


@metatag("mpixels")
def by_pixels(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    """In millions."""
    return in_range("mpixels", term.value, _pixels_span)


@metatag("ratio")
def by_ratio(term: Metatag, searcher: Searcher) -> Q:  # noqa: ARG001
    """Width by height, as `16:9` or as `1.78`: one and the other are the same to two digits."""
    # A post without a file has no ratio, so that neither a comparison nor its opposite would find it.
    return Q(image_height__gt=0) & in_range("ratio", term.value, _ratio_span)


def _size_span(text: str) -> Span | None:
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        return None
    unit = (match[2] or "")[:1].lower()
    size = int(float(match[1]) * _UNITS[unit])
    return Span(size, size) if unit in {"", "b"} else _rough(size, int)


def _pixels_span(text: str) -> Span | None:
    return _rough(float(text), float) if _DECIMAL.fullmatch(text.strip()) else None


def _rough(size: float, kind: type[int] | type[float]) -> Span:
    return Span(kind(size * (1 - _ROUGHLY)), kind(size * (1 + _ROUGHLY)))


def _ratio_span(text: str) -> Span | None:
    if match := _RATIO.fullmatch(text.strip()):
        width, height = int(match[1]), int(match[2])
        value = round(width / height, 2) if height else None
    else:
        value = round(float(text), 2) if _DECIMAL.fullmatch(text.strip()) else None
    return None if value is None else Span(value - _NEARLY, value + _NEARLY)
