"""Providers' reports by the batch: gathered in the request that brings them, taken by jobs afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, InterfaceError, transaction

from jobs.engine.enqueue.arguments import encode_arguments
from jobs.mail import MailReportsJob
from mailers.tracking.provider_events import NotRecordedYet, Report, read_event, take

if TYPE_CHECKING:
    from anymail.signals import AnymailTrackingEvent

# Reports that one job takes.
_AT_ONCE = 500
# Until a report is looked at again that came before its email was recorded; twice as long each time.
_LATER, _LATEST = timedelta(seconds=10), timedelta(hours=1)

_gathered: ContextVar[list[Report] | None] = ContextVar("gathered_mail_reports", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """Take the reports of the block later, in jobs that are enqueued at its end, all or none.

    A provider that repeats what still waits adds nothing.
    """
    reports: list[Report] = []
    token = _gathered.set(reports)
    try:
        yield
    finally:
        _gathered.reset(token)
    with transaction.atomic():
        for start in range(0, len(reports), _AT_ONCE):
            _enqueue(reports[start : start + _AT_ONCE])


def on_tracking(event: AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    """Anymail's signal `tracking`, sent for each report that came with a valid signature or secret.

    Outside gathered() it is taken at once. Raises NotRecordedYet then.
    """
    report = read_event(event, esp_name)
    if report is None:
        return
    reports = _gathered.get()
    if reports is None:
        take(report)
    else:
        reports.append(report)


def _enqueue(reports: Sequence[Report]) -> None:
    records = [asdict(report) for report in reports]
    words = json.dumps(encode_arguments((records,), {}), sort_keys=True)
    key = f"mail_reports:{hashlib.sha256(words.encode()).hexdigest()}"
    MailReportsJob.using(unique_key=key).enqueue(_TAKER, records)


def take_all(records: Sequence[dict[str, Any]], round_number: int) -> None:
    """Take each report; those that came too early again after a while.

    Raises an ExceptionGroup when some could not be taken, after all others were: taking a report twice does
    no harm.
    """
    early, errors = [], []
    for record in records:
        try:
            take(Report.from_record(record))
        except NotRecordedYet:
            early.append(record)
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with one, the others are taken
            errors.append(error)
    if early:
        wait = min(_LATER * 2 ** min(round_number, 20), _LATEST)
        MailReportsJob.using(run_after=wait).enqueue(_TAKER, early, round_number + 1)
    if errors:
        raise ExceptionGroup(f"{len(errors)} of {len(records)} reports could not be taken", errors)


_TAKER = f"{take_all.__module__}.{take_all.__qualname__}"
