"""Token buckets: how much somebody may still do (behaviour 0.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone

from booru.models.base import TimestampedModel

# A caller who goes on while limited is pushed down this far, and no further.
# Seconds that anybody is told to wait, at most.
LONGEST_WAIT = 86_400.0
MINIMUM_POINTS = -30
KEPT_FOR = timedelta(hours=1)

# `bucket` is the row as it was, and `refilled` what it would hold without its brim.
_REFILLED = "(bucket.points + %(rate)s * extract(epoch FROM statement_timestamp() - bucket.updated_at))"
_AVAILABLE = f"least(%(burst)s, {_REFILLED})"
_UPSERT = f"""
    INSERT INTO rate_limits AS bucket (action, key, points, limited, rate, burst, created_at, updated_at)
    SELECT %(action)s, key, greatest(%(minimum)s, %(burst)s - %(cost)s), %(burst)s - %(cost)s < 0,
        %(rate)s, %(burst)s, statement_timestamp(), statement_timestamp()
    FROM unnest(%(keys)s::text[]) WITH ORDINALITY AS asked (key, number) ORDER BY number
    ON CONFLICT (action, key) DO UPDATE SET
        limited = {_AVAILABLE} - %(cost)s < 0,
        points = greatest(%(minimum)s,
            CASE WHEN {_REFILLED} < 0 AND NOT %(in_full)s
                THEN {_AVAILABLE} - %(rate)s ELSE {_AVAILABLE} - %(cost)s END),
        rate = %(rate)s,
        burst = %(burst)s,
        updated_at = statement_timestamp()
    RETURNING key, limited, points
"""  # noqa: S608 -- only SQL of our own


_IS_FULL = "points + rate * extract(epoch FROM statement_timestamp() - updated_at) >= burst"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the buckets say: is the action refused, what is left in the emptiest, and for how long to wait.

    After `seconds` the same would be let through, if nobody takes from the buckets until then.
    """

    is_limited: bool
    points: float
    seconds: float


class RateLimitManager(models.Manager["RateLimit"]):
    def take(
        self, action: str, keys: Iterable[str], *, rate: float, burst: float, cost: float = 1
    ) -> Verdict:
        """Take `cost` points out of the bucket of each key, all in one statement.

        A bucket holds `burst` points and gains `rate` of them a second. One that is empty limits the action.
        """
        values = {"rate": rate, "burst": burst, "cost": cost, "minimum": MINIMUM_POINTS, "in_full": False}
        rows = self._take(action, keys, values)
        left = min((points for _, _, points in rows), default=burst)
        is_limited = any(limited for _, limited, _ in rows)
        seconds = min(max(cost - left, 0) / rate, LONGEST_WAIT) if rate else LONGEST_WAIT
        return Verdict(is_limited, left, seconds if is_limited else 0)

    def charge(
        self, action: str, keys: Iterable[str], *, rate: float, burst: float, cost: float
    ) -> dict[str, float]:
        """Take what was used already, in full even from a bucket that is empty; returns the points left.

        Nobody is pushed down further than a bucket that was emptied three times over.
        """
        values = {"rate": rate, "burst": burst, "cost": cost, "minimum": -3 * burst, "in_full": True}
        return {key: points for key, _, points in self._take(action, keys, values)}

    def _take(
        self, action: str, keys: Iterable[str], values: dict[str, Any]
    ) -> list[tuple[str, bool, float]]:
        # In one order, so that two callers cannot wait for each other.
        with connection.cursor() as cursor:
            cursor.execute(_UPSERT, {**values, "action": action, "keys": sorted(set(keys))})
            rows: list[tuple[str, bool, float]] = cursor.fetchall()
        return rows

    @transaction.atomic
    def prune(self) -> int:
        """Delete the buckets that nobody took from for an hour (behaviour J.2); returns how many.

        Only those that are full by now: nobody is let off what they owe.
        One that somebody takes from at this moment is left alone, so that nobody waits for another.
        """
        full = RawSQL(_IS_FULL, (), output_field=models.BooleanField())  # noqa: S611 -- SQL of our own
        unused = self.filter(full, updated_at__lt=timezone.now() - KEPT_FOR).select_for_update(
            skip_locked=True
        )
        return self.filter(pk__in=unused.values("pk")).delete()[0]


class RateLimit(TimestampedModel):
    action = models.TextField()
    key = models.TextField()
    points = models.FloatField()
    limited = models.BooleanField(default=False)
    # As it was last taken from. Those from before these were kept count as small.
    rate = models.FloatField(default=1 / 600)
    burst = models.FloatField(default=0)

    objects: ClassVar[RateLimitManager] = RateLimitManager()

    class Meta:
        db_table = "rate_limits"
        constraints = [models.UniqueConstraint(fields=["action", "key"], name="unique_rate_limit")]

    def __str__(self) -> str:
        return f"{self.action} {self.key}"
