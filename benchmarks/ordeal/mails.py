"""What became of a soak's emails, by what the mail server took."""

from __future__ import annotations

import email
from collections import Counter
from collections.abc import Iterable
from email import policy
from uuid import UUID

from jobs.engine.models import JobAttempt


def arrivals(messages: Iterable[bytes]) -> Counter[UUID]:
    """How often each job's email arrived: its Message-ID begins with the job's id."""
    found: Counter[UUID] = Counter()
    for message in messages:
        name = email.message_from_bytes(message, policy=policy.strict)["Message-ID"]
        found[UUID(name.strip("<>").partition("@")[0])] += 1
    return found


def copies(arrived: Counter[UUID]) -> int:
    """Those beyond the first of each email."""
    return sum(times - 1 for times in arrived.values())


def wrong(emails: Iterable[UUID], arrived: Counter[UUID]) -> list[str]:
    """Emails that never came, or came again though no attempt broke off that might have sent one."""
    broken_off = Counter(JobAttempt.objects.filter(job_id__in=arrived).values_list("job_id", flat=True))
    lost = sum(1 for pk in emails if not arrived[pk])
    too_often = sum(1 for pk in arrived if arrived[pk] > 1 + broken_off[pk])
    found = {"emails that never came": lost, "emails that came too often": too_often}
    return [f"{what}: {number}" for what, number in found.items() if number]
