"""What the jobs really did: a file to which they add a line when they start and one when they finish.

A file and not a table, so that a job can be watched while it has no database.
"""

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from tests.support.waiting import wait_until


class Journal:
    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def lines(self) -> list[tuple[UUID, str, str]]:
        """(job, label, what) in the order in which it happened."""
        found = [line.split(" ") for line in self.path.read_text().splitlines()]
        return [(UUID(pk), label, what) for pk, label, what in found]

    def runs(self, what: str = "started") -> Counter[UUID]:
        """How often each job got that far."""
        return Counter(pk for pk, _, done in self.lines() if done == what)

    def labels(self, what: str = "finished") -> list[str]:
        """The labels of the jobs that got that far, in order."""
        return [label for _, label, done in self.lines() if done == what]

    def out_of_turn(self, prefix: str, excused: Collection[str] = ()) -> list[str]:
        """The jobs with this prefix that began while another ran, or after a later one.

        A job whose worker was killed keeps its turn until it has run again; an excused one never will.
        """
        found: list[str] = []
        running = last = ""
        for _, label, what in self.lines():
            if not label.startswith(prefix):
                continue
            if what == "finished":
                running = ""
                continue
            if (running and running != label and running not in excused) or label < last:
                found.append(label)
            running = last = label
        return found

    def wait_for(self, label: str, what: str = "started") -> None:
        wait_until(lambda: label in self.labels(what), what=f"{label} to have {what}")
