"""What the lines of a script would do, told before anybody approves it.

Everything is asked in transactions that are rolled back, examples of edited posts too. What takes long is
left out: a dry run takes seconds, however large the tags are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from booru.bulk_update.example import Example, examples_of
from booru.models import User
from booru.visitors.time_limits import TimeLimit, time_limited

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from booru.bulk_update.kinds.command import Command, PlannedEdit
    from booru.models import Post

T = TypeVar("T")

# Seconds for the whole script, and for each question about it.
_BUDGET = 4.0
_QUESTION = 1.0
_EXAMPLES = 3
# So many go on at once on the whole site: each may keep a core busy, and others want something too.
_AT_ONCE = 2
_CROWDED = "others are finding out the same; ask again in a moment"
# One number for everybody who takes a place; it means nothing.
_PLACES = 4_712_003
# When there are too many posts to count in time, whether there are more than this.
_FEW = 1000


@dataclass(frozen=True, slots=True)
class Count:
    """A number of posts; `is_more` when it was too many to count."""

    number: int = 0
    is_more: bool = False

    def __add__(self, other: Count) -> Count:
        return Count(self.number + other.number, self.is_more or other.is_more)


@dataclass(slots=True)
class LinePlan:
    """What one line would do, as things are now. `posts` is None when it was not found out in time."""

    number: int
    command: Command
    posts: Count | None = None
    records: dict[str, int] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    # Why something is not told.
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        """Would it change no post and nothing else?"""
        return self.posts == Count() and not any(self.records.values())

    @property
    def visible_examples(self) -> list[Example]:
        """Those on which something can be seen."""
        return [example for example in self.examples if not example.is_unchanged]

    @property
    def records_in_words(self) -> list[str]:
        """The other records as people count them: "2 aliases", "1 wiki page"."""
        counts = {name: count for name, count in self.records.items() if count}
        return [f"{count:,} {_singular(name) if count == 1 else name}" for name, count in counts.items()]


def _singular(name: str) -> str:
    for plural, singular in (("aliases", "alias"), ("ies", "y"), ("s", "")):
        if name.endswith(plural):
            return name.removesuffix(plural) + singular
    return name


def dry_run(commands: Mapping[int, Command]) -> list[LinePlan]:
    """A plan for each numbered command; each by itself, as if those before it were not there."""
    with transaction.atomic():
        if not _gets_a_place():
            return [LinePlan(number, command, problem=_CROWDED) for number, command in commands.items()]
        questions = _Questions(time.monotonic() + _BUDGET)
        return [_plan(number, command, questions) for number, command in commands.items()]


def _gets_a_place() -> bool:
    """Until the transaction ends; nobody waits for one."""
    with connection.cursor() as cursor:
        for place in range(_AT_ONCE):
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_PLACES, place])
            if cursor.fetchone()[0]:
                return True
    return False


class _TooLong(Exception):
    """An answer would take too long, or somebody holds what it needs."""


class _Questions:
    def __init__(self, until: float) -> None:
        self._until = until

    def ask(self, question: Callable[[], T]) -> T:
        """The answer, in a transaction that is rolled back; raises _TooLong."""
        seconds = min(_QUESTION, self._until - time.monotonic())
        if seconds < 0.01:
            raise _TooLong
        try:
            with _without_trace(seconds):
                return question()
        except OperationalError as error:
            raise _TooLong from error


@contextmanager
def _without_trace(seconds: float) -> Iterator[None]:
    with transaction.atomic(), time_limited(TimeLimit(seconds)):
        yield
        transaction.set_rollback(True)


def _plan(number: int, command: Command, questions: _Questions) -> LinePlan:
    plan = LinePlan(number, command)
    try:
        edits = questions.ask(command.planned_edits)
        plan.records = questions.ask(command.touched_records)
        plan.posts = sum((_count(edit.posts, questions) for edit in edits), Count())
        for edit in edits if plan.posts != Count() else ():
            plan.examples += _examples(edit, _EXAMPLES - len(plan.examples), questions)
    except _TooLong:
        plan.problem = "it would take too long to find out more"
    except ValidationError as error:
        plan.problem = "; ".join(error.messages)
    return plan


def _count(posts: QuerySet[Post], questions: _Questions) -> Count:
    try:
        return Count(questions.ask(posts.order_by().count))
    except _TooLong:
        few = questions.ask(posts.order_by()[: _FEW + 1].count)
        return Count(min(few, _FEW), is_more=few > _FEW)


def _examples(edit: PlannedEdit, number: int, questions: _Questions) -> list[Example]:
    if number <= 0:
        return []
    return questions.ask(lambda: examples_of(edit, User.objects.system(), number))
