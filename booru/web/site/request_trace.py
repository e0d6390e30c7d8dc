"""What a request led to, and whose it was, as far as it is still kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from booru.models import User
from jobs.engine.insight import job_search
from mailers.models import SentMail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobs.engine.models import BackgroundJob

# The lists have the others.
AT_MOST = 50
_WHERE = ("method", "url", "user_id", "ip_addr")


@dataclass(frozen=True, slots=True)
class Origin:
    """A page that somebody asked for, and the jobs that it led to."""

    request_id: str
    method: str
    url: str
    user: User | None
    ip_addr: str
    jobs: list[BackgroundJob]


@dataclass(frozen=True)
class RequestTrace:
    """All that is known by an id.

    An id is one request's. Should a proxy have passed on what two people sent, then nothing of the one is
    shown as the other's: each job and email says whose it is.
    """

    request_id: str

    @cached_property
    def jobs(self) -> list[BackgroundJob]:
        """One more than are shown, if there are more."""
        return list(job_search.search({"request_id": self.request_id}, everything=True)[: AT_MOST + 1])

    @cached_property
    def mails(self) -> list[SentMail]:
        """One more than are shown, if there are more."""
        mails = SentMail.objects.filter(request_id=self.request_id)
        return list(mails.select_related("user", "asker")[: AT_MOST + 1])

    @cached_property
    def jobs_of_clients(self) -> list[BackgroundJob]:
        """Those whose request was called so by its client alone."""
        named = {"client_request_id": self.request_id}
        return list(job_search.search(named, everything=True)[:AT_MOST])

    def is_empty(self) -> bool:
        return not (self.jobs or self.mails or self.jobs_of_clients)

    @cached_property
    def origins(self) -> list[Origin]:
        return self._origins_of(self.jobs[:AT_MOST])

    @cached_property
    def origins_of_clients(self) -> list[Origin]:
        return self._origins_of(self.jobs_of_clients)

    @cached_property
    def users(self) -> dict[int, User]:
        """Everybody whose request a job says it comes from."""
        jobs = (*self.jobs, *self.jobs_of_clients)
        return User.objects.in_bulk({job.context["user_id"] for job in jobs if job.context.get("user_id")})

    def _origins_of(self, jobs: Iterable[BackgroundJob]) -> list[Origin]:
        by_origin = sorted(jobs, key=_origin_of)  # keeps the order of each one's jobs
        return [self._origin(list(group)) for _, group in groupby(by_origin, key=_origin_of)]

    def _origin(self, jobs: list[BackgroundJob]) -> Origin:
        said = jobs[0].context
        method, url, ip_addr = (said.get(name) or "" for name in ("method", "url", "ip_addr"))
        user = self.users.get(said.get("user_id") or 0)
        return Origin(said.get("request_id") or "", method, url, user, ip_addr, jobs)


def _origin_of(job: BackgroundJob) -> tuple[str, ...]:
    return tuple(str(job.context.get(name) or "") for name in ("request_id", *_WHERE))
