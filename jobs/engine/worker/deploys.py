"""Jobs of a class that this worker does not have yet: they are left to a worker that has it.

During a deploy workers of the last version run beside those of the next, and meet its jobs.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max, Min

from jobs.engine import conf
from jobs.engine.errors import ArgumentsDoNotFit, UnknownJob
from jobs.engine.models import BackgroundJob, JobAttempt

# The class that attempts have which left the job to another worker.
LEFT = "JobNotHere"
# Seconds until the job is offered again, at first and at most.
_FIRST, _MOST = 5.0, 60.0


def wait_for(job: BackgroundJob, error: BaseException) -> timedelta | None:
    """How long to leave the job to others, before it is offered again; None when nobody will have it."""
    if isinstance(error, UnknownJob):
        if not error.may_come:
            return None
    elif not isinstance(error, ArgumentsDoNotFit):
        return None
    attempts = JobAttempt.objects.filter(job_id=job.pk)
    other = attempts.exclude(error_class=LEFT).aggregate(last=Max("number"))["last"] or 0
    left = attempts.filter(error_class=LEFT, number__gt=other)
    assert job.performed_at
    since: datetime = left.aggregate(first=Min("started_at"))["first"] or job.performed_at
    if job.performed_at - since >= conf.deploy_grace() or not conf.deploy_grace():
        return None
    return timedelta(seconds=min(_FIRST * 2.0 ** left.count(), _MOST))
