"""One repetition of one contender."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contenders import Contender
from benchmarks.contest.plan import Plan
from benchmarks.contest.wire import counting_proxy
from benchmarks.contest.work import CLOCK
from benchmarks.support.databases import Address, Server, child_environment
from benchmarks.support.measure import resident_mib
from benchmarks.support.processes import Agent, running_agent, running_workers

# Jobs before the measured ones, at most, so that processes, connections and caches are warm.
WARM_UP = 100


@dataclass
class Samples:
    """What was measured of a contender, a value a repetition."""

    # Jobs a second.
    enqueue: list[float] = field(default_factory=list)
    enqueue_many: list[float] = field(default_factory=list)
    work_off: list[float] = field(default_factory=list)
    # Milliseconds.
    pick_up: list[float] = field(default_factory=list)
    # Bytes of WAL a job.
    enqueue_wal: list[float] = field(default_factory=list)
    enqueue_many_wal: list[float] = field(default_factory=list)
    work_off_wal: list[float] = field(default_factory=list)
    # Statements and transactions a job.
    enqueue_statements: list[float] = field(default_factory=list)
    enqueue_transactions: list[float] = field(default_factory=list)
    work_off_statements: list[float] = field(default_factory=list)
    work_off_transactions: list[float] = field(default_factory=list)
    # MiB of all worker processes.
    memory: list[float] = field(default_factory=list)


class Course:
    """A contender with a database of its own, through all repetitions."""

    def __init__(self, contender: Contender, plan: Plan, address: Address, folder: Path) -> None:
        self.contender = contender
        self.plan = plan
        self.address = address
        self.folder = folder
        self.empty = Samples()
        self.full = Samples()

    def install(self) -> None:
        """Make the tables."""
        with self._agent() as agent:
            agent.ask("install")

    def run(self) -> None:
        """One repetition with empty tables."""
        with self._agent() as agent:
            self._enqueue(agent)
            agent.ask("empty")
            with self._workers(agent) as workers:
                self._warm_up(agent)
                self._pick_up(agent, self.empty)
                self.empty.memory.append(resident_mib(worker.pid for worker in workers))
                self._work_off(agent, self.empty)
            agent.ask("empty")

    def count(self) -> None:
        """Count statements and transactions; a run of its own, because counting takes time."""
        with (
            counting_proxy(self.address) as (agent_address, by_agent),
            counting_proxy(self.address) as (worker_address, by_workers),
            self._agent(agent_address) as agent,
        ):
            jobs = self.plan.counted
            agent.ask("enqueue", count=1)
            agent.ask("wal")
            by_agent.take()
            agent.ask("wal")
            own = by_agent.take()
            agent.ask("enqueue", count=jobs)
            counted = by_agent.take()
            # Each command looks at the WAL before and after.
            self.empty.enqueue_statements.append((counted.statements - 2 * own.statements) / jobs)
            self.empty.enqueue_transactions.append((counted.transactions - 2 * own.transactions) / jobs)
            agent.ask("empty")
            with self._workers(agent, worker_address):
                self._warm_up(agent)
                by_workers.take()
                agent.ask("work_off", count=jobs)
                counted = by_workers.take()
                self.empty.work_off_statements.append(counted.statements / jobs)
                self.empty.work_off_transactions.append(counted.transactions / jobs)
            agent.ask("empty")

    def fill(self) -> None:
        """Have old jobs in the tables, and jobs for tomorrow."""
        with self._agent() as agent:
            agent.ask("fill", finished=self.plan.finished, scheduled=self.plan.scheduled)

    def run_full(self) -> None:
        """One repetition with full tables."""
        with self._agent() as agent, self._workers(agent):
            self._warm_up(agent)
            self._pick_up(agent, self.full)
            self._work_off(agent, self.full)

    def _enqueue(self, agent: Agent) -> None:
        agent.ask("enqueue", count=WARM_UP // 10)
        jobs = self.plan.one_by_one
        answer = agent.ask("enqueue", count=jobs)
        self.empty.enqueue.append(jobs / answer["seconds"])
        self.empty.enqueue_wal.append(answer["wal"] / jobs)
        jobs = self.plan.in_bulk
        agent.ask("enqueue_many", count=WARM_UP)
        answer = agent.ask("enqueue_many", count=jobs)
        if answer:
            self.empty.enqueue_many.append(jobs / answer["seconds"])
            self.empty.enqueue_many_wal.append(answer["wal"] / jobs)

    def _warm_up(self, agent: Agent) -> None:
        for _ in range(2):
            agent.ask("work_off", count=min(WARM_UP, self.contender.pace // 3))

    def _pick_up(self, agent: Agent, samples: Samples) -> None:
        agent.ask("pick_up", samples=1, spread=0)
        answer = agent.ask("pick_up", samples=self.plan.pick_ups, spread=self.contender.poll)
        samples.pick_up += answer["milliseconds"]

    def _work_off(self, agent: Agent, samples: Samples) -> None:
        jobs = self.plan.work_off_of(self.contender)
        answer = agent.ask("work_off", count=jobs)
        samples.work_off.append(answer["jobs"] / answer["seconds"])
        samples.work_off_wal.append(answer["wal"])

    @contextmanager
    def _agent(self, address: Address | None = None) -> Iterator[Agent]:
        with running_agent(self.contender.module, self._environment(address), self._log) as agent:
            yield agent

    @contextmanager
    def _workers(self, agent: Agent, address: Address | None = None) -> Iterator[list[subprocess.Popen[str]]]:
        commands, environment = self.contender.worker_commands, self._environment(address)
        with running_workers(commands, environment, self._log) as workers:
            agent.workers = workers
            yield workers
            agent.workers = ()

    def _environment(self, address: Address | None) -> dict[str, str]:
        clock = self.folder / f"{self.contender.name}.clock"
        if not clock.exists():
            os.mkfifo(clock)
        return {
            **child_environment(address or self.address),
            **self.contender.environment,
            CLOCK: str(clock),
        }

    @property
    def _log(self) -> Path:
        return self.folder / f"{self.contender.name}.log"


@contextmanager
def course_of(contender: Contender, plan: Plan, server: Server) -> Iterator[Course]:
    """A contender, ready to run; nothing of it is left afterwards."""
    name = f"danbooru_jobs_benchmark_{os.getpid()}_{contender.name.replace('-', '_')}"
    with (
        tempfile.TemporaryDirectory(prefix="danbooru-jobs-benchmark-") as folder,
        server.database(name) as address,
    ):
        yield Course(contender, plan, address, Path(folder))
