"""Who takes part, and how their workers are started."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import packages_distributions, version
from importlib.util import find_spec

PYTHON = sys.executable
SETTINGS = "DJANGO_SETTINGS_MODULE"


@dataclass(frozen=True)
class Contender:
    """A job queue with one set of options."""

    name: str
    title: str
    # The file in this folder.
    module: str
    # The packages to import, and what to install when they are missing.
    needs: tuple[str, ...]
    # One process each.
    worker_commands: tuple[tuple[str, ...], ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    # About how many jobs a second it works off; sizes the quick run.
    pace: int = 500
    # Seconds between two looks of an idle worker at the table; the samples of the pick-up are spread over it.
    poll: float = 0.2
    # Whether it is measured with a table full of old jobs, too.
    is_filled: bool = False

    def missing(self) -> list[str]:
        """The packages that are not installed."""
        return [package for package in self.needs if find_spec(package) is None]

    def versions(self) -> list[str]:
        """What is measured: "procrastinate 3.10.0", and Django's where it is a Django app."""
        packages = (*self.needs, "django") if SETTINGS in self.environment else self.needs
        distributions = packages_distributions()
        names = [distributions[package][0] for package in packages]
        return [f"{name} {version(name)}" for name in names]


def _danbooru_jobs(workers: int, *, is_filled: bool = False) -> Contender:
    return Contender(
        name="danbooru-jobs" if workers == 2 else f"danbooru-jobs-{workers}",
        title=f"danbooru-jobs, {workers} workers",
        module="danbooru_jobs",
        needs=("django_q",),
        worker_commands=((PYTHON, "manage.py", "qcluster"),),
        environment={SETTINGS: "benchmarks.django_settings.danbooru_jobs", "JOBS_WORKERS": str(workers)},
        pace=2000,
        is_filled=is_filled,
    )


def _pgqueuer(batch_size: int) -> Contender:
    command = (PYTHON, "-m", "benchmarks.contenders.pgqueuer", str(batch_size))
    return Contender(
        name=f"pgqueuer-b{batch_size}",
        title=f"pgqueuer, 2 workers, batches of {batch_size}",
        module="pgqueuer",
        needs=("pgqueuer", "asyncpg", "uvloop"),
        worker_commands=(command, command),
        pace=8000,
    )


def _procrastinate(concurrency: int, *, is_filled: bool = False) -> Contender:
    options = ("--app=benchmarks.contenders.procrastinate.app", "--log-level=warning")
    command = (PYTHON, "-m", "procrastinate", *options, "worker", f"--concurrency={concurrency}")
    return Contender(
        name=f"procrastinate-c{concurrency}",
        title=f"procrastinate, 2 x concurrency {concurrency}",
        module="procrastinate",
        needs=("procrastinate",),
        worker_commands=(command, command),
        pace=800,
        is_filled=is_filled,
    )


_Q2 = {SETTINGS: "benchmarks.django_settings.django_q2"}
_DB_WORKER = (PYTHON, "-m", "django", "db_worker", "--no-startup-delay", "--verbosity=0")

LINEUP = (
    _danbooru_jobs(2, is_filled=True),
    _danbooru_jobs(4),
    Contender(
        name="django-q2",
        title="django-q2 ORM, as it comes",
        module="django_q2",
        needs=("django_q",),
        worker_commands=((PYTHON, "-m", "django", "qcluster"),),
        environment=_Q2,
        pace=60,
    ),
    Contender(
        name="django-q2-tuned",
        title="django-q2 ORM, tuned",
        module="django_q2",
        needs=("django_q",),
        worker_commands=((PYTHON, "-m", "django", "qcluster"),),
        environment={**_Q2, "BENCHMARK_TUNED": "1"},
        pace=400,
    ),
    _procrastinate(1, is_filled=True),
    _procrastinate(10),
    # As it comes, and tuned.
    _pgqueuer(10),
    _pgqueuer(100),
    Contender(
        name="django-tasks-db",
        title="django-tasks-db, 2 workers",
        module="django_tasks_db",
        needs=("django_tasks_db",),
        worker_commands=(_DB_WORKER, _DB_WORKER),
        environment={SETTINGS: "benchmarks.django_settings.django_tasks_db"},
        pace=500,
        poll=1.0,
    ),
)
