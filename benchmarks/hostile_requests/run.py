"""Sends hostile requests to a site, and looks at its log-in page meanwhile."""

from __future__ import annotations

import base64
import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.hostile_requests.cases import Case
from benchmarks.support.measure import percentile

# Nothing waits longer for an answer; what does is a failure of its own.
PATIENCE = 60
_PAUSE = 0.02
_ALONE = 50


@dataclass
class Figures:
    """Of one case: what each answer was and took; and what a bystander waited."""

    name: str
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    bystander: list[float] = field(default_factory=list)

    @property
    def slowest(self) -> float:
        return max(self.seconds, default=0)

    @property
    def p50(self) -> float:
        return percentile(self.bystander, 50) or 0

    @property
    def p95(self) -> float:
        return percentile(self.bystander, 95) or 0


class Attack:
    """Eight at a time, each so many times or so long."""

    def __init__(self, port: int, key: str, *, at_once: int, times: int, seconds: float) -> None:
        self.port = port
        self.headers = {"Authorization": f"Basic {base64.b64encode(key.encode()).decode()}"}
        self.at_once, self.times, self.seconds = at_once, times, seconds

    def alone(self) -> Figures:
        """The bystander before anything happens."""
        figures = Figures("alone")
        for _ in range(_ALONE):
            figures.bystander.append(self._look())
        return figures

    def run(self, case: Case) -> Figures:
        figures = Figures(case.name)
        until = time.monotonic() + self.seconds
        is_over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(figures, is_over))
        attackers = [
            threading.Thread(target=self._attack, args=(case, figures, until)) for _ in range(self.at_once)
        ]
        for thread in (*attackers, watcher):
            thread.start()
        for thread in attackers:
            thread.join()
        is_over.set()
        watcher.join()
        return figures

    def _attack(self, case: Case, figures: Figures, until: float) -> None:
        headers = dict(self.headers)
        body = None
        if case.method != "GET":
            # Anonymous visitors may send these, and a key would not let them through.
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**case.fields, "_method": case.method.lower()})
        for _ in range(self.times):
            method = "GET" if case.method == "GET" else "POST"
            status, seconds = self._send(method, case.path, body, headers)
            figures.statuses[status] += 1
            figures.seconds.append(seconds)
            if time.monotonic() > until:
                return

    def _watch(self, figures: Figures, is_over: threading.Event) -> None:
        figures.bystander.append(self._look())
        while not is_over.wait(_PAUSE):
            figures.bystander.append(self._look())

    def _look(self) -> float:
        return self._send("GET", "/login", None, {})[1]

    def _send(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[int, float]:
        started = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            connection.close()
        return status, time.monotonic() - started


def wait_until_up(port: int, is_running: Callable[[], bool]) -> None:
    """Raises RuntimeError when the site does not begin to answer."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and is_running():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/login")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise RuntimeError("the site does not answer")
