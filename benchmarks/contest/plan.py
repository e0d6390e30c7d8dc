"""How much is measured."""

from dataclasses import dataclass

from benchmarks.contenders import LINEUP, Contender


@dataclass(frozen=True)
class Plan:
    """Numbers of jobs and repetitions."""

    repetitions: int
    one_by_one: int
    in_bulk: int
    # At most, and for at most about so many seconds.
    work_off: int
    work_off_seconds: int
    pick_ups: int
    counted: int
    finished: int
    scheduled: int

    # Contenders that are left out unless they are asked for.
    left_out: tuple[str, ...] = ()

    def __str__(self) -> str:
        return (
            f"Medians of {self.repetitions} repetition(s) of {self.one_by_one:,} jobs enqueued one by one, "
            f"{self.in_bulk:,} in bulk,\n{self.work_off:,} worked off (what takes about "
            f"{self.work_off_seconds} s, if that is less), {self.pick_ups} picked up.\n"
            f"Full tables have {self.finished:,} finished and {self.scheduled:,} scheduled jobs more."
        )

    def contenders(self) -> list[str]:
        """The names of those who take part."""
        return [contender.name for contender in LINEUP if contender.name not in self.left_out]

    def work_off_of(self, contender: Contender) -> int:
        return min(self.work_off, self.work_off_seconds * contender.pace)


FULL = Plan(
    repetitions=3,
    one_by_one=1000,
    in_bulk=20_000,
    work_off=5000,
    work_off_seconds=30,
    pick_ups=40,
    counted=500,
    finished=1_000_000,
    scheduled=100_000,
)
QUICK = Plan(
    repetitions=1,
    one_by_one=100,
    in_bulk=5000,
    work_off=5000,
    work_off_seconds=1,
    pick_ups=4,
    counted=40,
    finished=100_000,
    scheduled=10_000,
    left_out=("danbooru-jobs-4", "pgqueuer-b10"),
)
