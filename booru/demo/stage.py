"""What every chapter of the story works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from booru.demo.browser import Browser
from booru.demo.waiting import wait_for
from booru.visitors.reach import SEED_PASSWORD

if TYPE_CHECKING:
    from booru.demo.inbox import Inbox
    from booru.demo.servers import Servers
    from booru.demo.terminal import Terminal

T = TypeVar("T")


@dataclass
class Stage:
    site: str
    inbox: Inbox
    servers: Servers
    terminal: Terminal
    # The job that each web request, by its id, must have enqueued.
    expected_jobs: dict[str, str] = field(default_factory=dict)
    _browsers: dict[str, Browser] = field(default_factory=dict)

    def browser_of(self, name: str) -> Browser:
        """Somebody's browser, logged in."""
        if name not in self._browsers:
            self._browsers[name] = Browser.logged_in(self.site, name, SEED_PASSWORD)
        return self._browsers[name]

    def wait(self, look: Callable[[], T | None], missing: str, *, seconds: float = 30) -> tuple[T, float]:
        """What `look` finds, and after how many seconds; StepFailed when it does not or a server is gone."""
        return wait_for(look, self.servers.check, seconds=seconds, missing=missing)


def duration(seconds: float) -> str:
    """For people: `240 ms`, `1.3 s`."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
