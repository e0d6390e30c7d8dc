"""The processes of the contenders: started, asked, and stopped whatever happens."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
# Seconds that a process may take to end when it is asked to.
GRACE = 10


class ContenderFailed(Exception):
    """A process of a contender ended or answered no more; the text has the end of its log."""


class Agent:
    """Asks the process of agent.py."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self.log = log
        # Without these there is nothing to wait for.
        self.workers: Sequence[subprocess.Popen[str]] = ()

    def ask(self, do: str, **options: Any) -> dict[str, Any]:
        """Have a command carried out; see agent.Agent."""
        assert self.process.stdin
        assert self.process.stdout
        with suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps({"do": do, **options}) + "\n")
            self.process.stdin.flush()
        while not select.select([self.process.stdout], [], [], 1)[0]:
            if any(worker.poll() is not None for worker in self.workers):
                raise self._failed(f"{do}: a worker ended")
        answer = self.process.stdout.readline()
        if not answer:
            raise self._failed(f"{do} failed")
        return dict(json.loads(answer))

    def _failed(self, what: str) -> ContenderFailed:
        return ContenderFailed(f"{what}:\n{self.log.read_text()[-3000:]}")


@contextmanager
def running_agent(module: str, environment: Mapping[str, str], log: Path) -> Iterator[Agent]:
    """The process that enqueues."""
    command = (sys.executable, "-m", "benchmarks.contest.agent", module)
    with _started(command, environment, log, talks=True) as process:
        yield Agent(process, log)


@contextmanager
def running_workers(
    commands: Sequence[Sequence[str]], environment: Mapping[str, str], log: Path
) -> Iterator[list[subprocess.Popen[str]]]:
    """The workers, in the background."""
    if not commands:
        yield []
        return
    with (
        _started(commands[0], environment, log) as process,
        running_workers(commands[1:], environment, log) as others,
    ):
        yield [process, *others]


@contextmanager
def _started(
    command: Sequence[str], environment: Mapping[str, str], log: Path, *, talks: bool = False
) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE if talks else subprocess.DEVNULL
    with log.open("a") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment,
            stdin=pipe,
            stdout=subprocess.PIPE if talks else output,
            stderr=output,
            text=True,
            # Ctrl-C is for the benchmark, which then stops them in order.
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    """Ask it to end, and kill what is left of its session."""
    for stream in (process.stdin, process.stdout):
        if stream:
            with suppress(BrokenPipeError):
                stream.close()
    try:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
