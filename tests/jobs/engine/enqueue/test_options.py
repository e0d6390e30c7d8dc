"""Options of a job: of their kind, or refused by their name before anything is saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import pytest

from jobs.engine.enqueue.shown import shown
from jobs.engine.errors import ArgumentError, OptionError
from jobs.engine.models import BackgroundJob, JobBatch
from tests.support.sample_jobs import RecordJob

pytestmark = pytest.mark.django_db

NO_TIMES = (5, 0, 1.5, "now", "", date(2026, 1, 1), True, [], datetime(2026, 1, 1))
NO_KEYS = (
    "key",
    b"key",
    5,
    [5],
    ["a\0b"],
    ["\ud800"],
    [""],
    [None],
    ["k" * 3000],
    "",
    b"",
    0,
    False,
    [["k"]],
    [{}],
)


class Mute:
    def __repr__(self) -> str:
        raise ValueError("no words")


class NoZone(tzinfo):
    def utcoffset(self, when: datetime | None) -> timedelta:
        raise ValueError("no time")


REFUSED: list[tuple[str, Any]] = [
    *(("run_after", value) for value in NO_TIMES),
    *(("run_after", timedelta(days=days)) for days in (10**9 - 1, -(10**9) + 1, 400_000)),
    *(("run_after", datetime(year, 1, 1, tzinfo=UTC)) for year in (1, 9999)),
    ("run_after", datetime(2026, 1, 1, tzinfo=NoZone())),
    *(("batch", value) for value in ("x", 0, JobBatch(), JobBatch(pk="garbage"), JobBatch(pk=5))),
    *(
        (name, 10**5000)
        for name in ("run_after", "priority", "queue_name", "unique_key", "lock_keys", "batch")
    ),
    *((name, Mute()) for name in ("run_after", "priority", "queue_name", "unique_key", "lock_keys", "batch")),
    ("lock_keys", [Mute()]),
    *(("priority", value) for value in (1.5, "1", True, 101, -101, 10**400)),
    *(("queue_name", value) for value in ("", 5, b"mail", "a\0b", "\ud800", "q" * 3000, "é" * 1300)),
    *(("unique_key", value) for value in (5, b"k", "a\0b", "\ud800", "k" * 3000)),
    *(("unique_key", value) for value in ("", 0, False, [], b"")),
    *(("lock_keys", value) for value in NO_KEYS),
]


def enqueue_one(**options: Any) -> None:
    RecordJob.using(**options).enqueue(1)


def enqueue_two(**options: Any) -> None:
    RecordJob.using(**options).enqueue_many([(1,), (2,)])


@pytest.mark.parametrize(("name", "value"), REFUSED, ids=lambda value: shown(value)[:16])
@pytest.mark.parametrize("enqueue", [enqueue_one, enqueue_two])
def test_what_is_not_of_its_kind_is_refused_by_name(
    name: str, value: Any, enqueue: Callable[..., None]
) -> None:
    with pytest.raises(OptionError, match=name):
        enqueue(**{name: value})
    assert not BackgroundJob.objects.exists()


@pytest.mark.parametrize(("name", "value"), [("priority", 1.5), ("queue_name", ""), ("queue_name", None)])
def test_a_class_is_held_to_the_same(name: str, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RecordJob, name, value)
    with pytest.raises(OptionError, match=name):
        RecordJob.enqueue()


@pytest.mark.parametrize(
    "options",
    [
        {"run_after": timedelta(days=-1)},
        {"run_after": timedelta(days=36500)},
        {"run_after": datetime(2500, 1, 1, tzinfo=UTC)},
        {"priority": -100},
        {"queue_name": "länge" * 100},
        {"lock_keys": ["k" * 2500, "schlüssel"]},
        {"lock_keys": []},
        {"unique_key": "k" * 2500},
    ],
)
def test_what_is_of_its_kind_is_kept(options: dict[str, Any]) -> None:
    job = RecordJob.using(**options).enqueue()
    job.refresh_from_db()
    for name, value in options.items():
        if not isinstance(value, timedelta):
            assert getattr(job, name) == (value or None)


def test_keys_that_can_be_read_once_only_are_for_every_job() -> None:
    launcher = RecordJob.using(lock_keys=(key for key in ("b", "a")))  # type: ignore[arg-type]
    ids = [launcher.enqueue(1).pk, *launcher.enqueue_many([(2,), (3,)])]
    kept = BackgroundJob.objects.filter(pk__in=ids).values_list("lock_keys", flat=True)
    assert list(kept) == [["a", "b"]] * 3


@pytest.mark.parametrize(
    "rows",
    ["ab", b"ab", {"a": 1}, 5, None, ["ab"], [b"ab"], [{"a": 1}], [{1, 2}], [1], [None], [("good",), Mute()]],
)
def test_what_is_no_tuple_of_arguments_is_refused(rows: Any) -> None:
    with pytest.raises(ArgumentError, match="tuple of"):
        RecordJob.enqueue_many(rows)
    assert not BackgroundJob.objects.exists()


def test_many_with_keys_are_saved_all_or_none() -> None:
    with pytest.raises(ArgumentError, match="argument 1 is of type object"):
        RecordJob.using(lock_keys=["key"]).enqueue_many([(1,), (object(),)])
    assert not BackgroundJob.objects.exists()
