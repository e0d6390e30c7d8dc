"""Jobs in short: of what may be long, only what a page shows is read from the database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Expression, F, Func, IntegerField, TextField, Value, When
from django.db.models.functions import Cast, Left
from django.db.models.lookups import LessThanOrEqual

from jobs.engine.enqueue.arguments import MAX_DEPTH
from jobs.engine.models import BackgroundJob, BackgroundJobQuerySet

# Bytes of arguments that a list shows, letters of an error in it; and both on the page of a job.
LISTED_ARGUMENTS, LISTED_ERROR = 2_000, 1_000
ARGUMENTS, ERROR = 4_000, 11_000
_CONTEXT = 8_000
_DEFERRED = ("arguments", "context", "options", "error")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a text, and whether there is more of it. `text` is None where nothing is shown."""

    text: str | None
    is_cut: bool = False

    @property
    def value(self) -> Any:
        """The text as JSON; as it is when it is cut, or no JSON that can be shown."""
        return self.text if self.is_cut or self.text is None else _decoded(self.text)


def for_list(jobs: BackgroundJobQuerySet) -> BackgroundJobQuerySet:
    """Arguments that are long are left out: cutting one costs as much as reading it."""
    return _in_short(jobs, _if_short("arguments", LISTED_ARGUMENTS), LISTED_ERROR)


def for_page(jobs: BackgroundJobQuerySet) -> BackgroundJobQuerySet:
    """For one job: its arguments as far as its page shows them."""
    return _in_short(jobs, Left(_text("arguments"), ARGUMENTS + 1), ERROR)


def arguments_of(job: BackgroundJob) -> Excerpt:
    """The arguments as JSON; text None when they are too long for a list."""
    if "arguments_text" not in job.__dict__:
        return _cut(json.dumps(job.arguments), ARGUMENTS)
    text: str | None = job.__dict__["arguments_text"]
    return Excerpt(None, is_cut=True) if text is None else _cut(text, ARGUMENTS)


def error_of(job: BackgroundJob) -> Excerpt:
    """The error, text None when there is none."""
    if "error_text" not in job.__dict__:
        return Excerpt(None) if job.error is None else _cut(job.error, ERROR)
    text: str | None = job.__dict__["error_text"]
    return Excerpt(None) if text is None else _cut(text, job.__dict__["error_limit"])


def origin_of(job: BackgroundJob) -> dict[str, Any]:
    """The context, {} for what is none or is longer than any request's."""
    is_short = "context_text" in job.__dict__
    found = _decoded(job.__dict__["context_text"] or "{}") if is_short else job.context
    return found if isinstance(found, dict) else {}


def _cut(text: str, limit: int) -> Excerpt:
    return Excerpt(text[:limit], is_cut=len(text) > limit)


def _decoded(text: str) -> Any:
    try:
        value = json.loads(text)
    except (RecursionError, ValueError):
        return text
    return text if is_deep(value) else value


def is_deep(value: Any, most: int = MAX_DEPTH) -> bool:
    """Is it nested deeper than that? Does not call itself."""
    level = [value]
    for _ in range(most + 1):
        level = [
            item
            for each in level
            if isinstance(each, dict | list | tuple)
            for item in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


def _in_short(jobs: BackgroundJobQuerySet, arguments: Expression, error: int) -> BackgroundJobQuerySet:
    return jobs.defer(*_DEFERRED).annotate(
        arguments_text=arguments,
        context_text=_if_short("context", _CONTEXT),
        error_text=Left("error", error + 1),
        error_limit=Value(error, IntegerField()),
    )


def _if_short(field: str, most: int) -> Expression:
    """The JSON as text, NULL when it has more bytes. What is long as it is stored is not even unpacked."""
    stored = Func(F(field), function="pg_column_size", output_field=IntegerField())
    length = Func(_text(field), function="octet_length", output_field=IntegerField())
    in_full = Case(When(LessThanOrEqual(length, most), then=_text(field)), output_field=TextField())
    return Case(When(LessThanOrEqual(stored, most), then=in_full), output_field=TextField())


def _text(field: str) -> Expression:
    return Cast(F(field), TextField())
