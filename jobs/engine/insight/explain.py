"""Why a job is not running, in a sentence; and where one runs that is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from jobs.engine.cluster.heartbeat import DEAD_AFTER
from jobs.engine.enqueue.job_classes import load_job_class
from jobs.engine.errors import Postponed, UnknownJob
from jobs.engine.insight import excerpts, turn
from jobs.engine.insight.job_record import progress_of
from jobs.engine.insight.queue_sizes import COUNT_LIMIT
from jobs.engine.insight.turn import Takers
from jobs.engine.models import BackgroundJob, JobStatus, LockCheck, Pause, PauseKind, WorkerCluster
from jobs.engine.worker.deploys import LEFT

_MINUTE = timedelta(minutes=1)
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
# Letters of an error that are shown.
_WIDTH = 120


def explain(job: BackgroundJob) -> str:
    """What the job waits for, or where it runs, as it is now; "" when it has finished or is deleted.

    For those who may see everything: it may name a lock key, an error or a host.
    """
    jobs = BackgroundJob.objects.annotate_status().select_related("progress")
    now = excerpts.for_list(jobs).filter(pk=job.pk).first()
    if now is None:
        return ""
    match now.status_now:
        case JobStatus.RUNNING:
            return _running(now)
        case JobStatus.SCHEDULED:
            return _and_pause(f"scheduled for {_when(now)}", now)
        case JobStatus.RETRIED:
            return _and_pause(_later(now), now)
        case JobStatus.QUEUED:
            return _pause(now) or _lock(now) or _workers(now)
    return ""


def _running(job: BackgroundJob) -> str:
    cluster = WorkerCluster.objects.filter(pk=job.claimed_by).first() if job.claimed_by else None
    where = f"{cluster.host}:{job.worker_pid}" if cluster else f"process {job.worker_pid}"
    text = f"running on {where} for {_span(job.duration or timedelta())}"
    if told := _progress(job):
        text += f", {told}"
    if cluster and job.clock - cluster.beat_at > timedelta(seconds=DEAD_AFTER):
        text += f"; its workers were not heard of for {_span(job.clock - cluster.beat_at)}"
    if job.cancel_requested_at:
        asked = _span(job.clock - job.cancel_requested_at)
        text += f"; it was asked to stop {asked} ago, and will at its next safe point"
    return text


def _progress(job: BackgroundJob) -> str:
    progress = progress_of(job)
    if progress is None:
        return ""
    count = f"{progress.done}" if progress.total is None else f"{progress.done} of {progress.total}"
    return f"{count}: {progress.text}" if progress.text else count


def _when(job: BackgroundJob) -> str:
    left = job.run_after - job.clock
    if left > _MINUTE:
        left = -(-left // _MINUTE) * _MINUTE  # a moment less than five hours is not four
    return f"{_time(job.run_after)}, in {_span(left)}"


def _later(job: BackgroundJob) -> str:
    kind, _, reason = _error(job).partition(": ")
    if kind == Postponed.__name__:
        return f"put off until {_when(job)}: {_short(reason)}"
    if kind == LEFT:
        why = f"the last one has no code for it ({_short(reason)})"
        return f"will be offered to another worker at {_when(job)}: {why}"
    return f"will be tried again at {_when(job)}; {_failure(job)}"


def _failure(job: BackgroundJob) -> str:
    attempts = job.attempts - job.attempts_before_retry
    return f"attempt {attempts}{_limit(job)} failed with {_short(_error(job) or 'an unknown error')}"


def _error(job: BackgroundJob) -> str:
    return excerpts.error_of(job).text or ""


def _short(error: str) -> str:
    text = " ".join(error.split())
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"


def _limit(job: BackgroundJob) -> str:
    try:
        policy = load_job_class(job.job_class).retry_policy()
    except UnknownJob:
        return ""
    return f" of {policy.attempts}" if policy else ""


def _and_pause(text: str, job: BackgroundJob) -> str:
    pause = _pause(job)
    return f"{text}; {pause}" if pause else text


def _pause(job: BackgroundJob) -> str:
    queue = Pause.objects.filter(kind=PauseKind.QUEUE, name=job.queue_name).first()
    if queue:
        return f"its queue {job.queue_name} is paused ({_pauser(queue)})"
    job_class = Pause.objects.filter(kind=PauseKind.JOB_CLASS, name=job.job_class).first()
    return f"its class is paused ({_pauser(job_class)})" if job_class else ""


def _pauser(pause: Pause) -> str:
    since = f"since {_time(pause.paused_at)}"
    return f"by {pause.paused_by} {since}" if pause.paused_by else since


def _lock(job: BackgroundJob) -> str:
    other = turn.in_the_way(job)
    if other is None:
        if not job.held:
            return ""
        if check := LockCheck.objects.filter(key__in=job.lock_keys or ()).order_by("key").first():
            return (
                f"waits for the lock key {check.key}, until the transaction ends that has ended its last job"
            )
        return "held for a reason that has passed; it goes on within half a minute"
    key = min(set(job.lock_keys or ()) & set(other.lock_keys or ()), default="")
    if other.performed_at:
        holder = f"{other.name}, running since {_time(other.performed_at)}"
        return f"waits for the lock key {key}, held by job {other.pk} ({holder})"
    return f"waits for the lock key {key} behind job {other.pk} ({other.name}), which was enqueued earlier"


def _workers(job: BackgroundJob) -> str:
    takers = turn.takers_of(job)
    if not takers.workers:
        return f"no worker works the queue {job.queue_name}"
    if not takers.takers:
        limits = f"the limit of its queue {job.queue_name} or its priority {job.priority}"
        return f"no worker may take it, by {limits}"
    before = turn.jobs_before(job, takers.queues)
    place = "it is next in line" if not before else f"{_jobs(before)} before it"
    busy = _busy(job, takers)
    return f"{busy}; {place}" if busy else place.removeprefix("it is ")


def _busy(job: BackgroundJob, takers: Takers) -> str:
    if takers.busy >= takers.workers:
        return "the only worker is busy" if takers.workers == 1 else f"all {takers.workers} workers are busy"
    if takers.takers < takers.workers and takers.is_full:
        running = "1 job runs" if takers.takers == 1 else f"{takers.takers} jobs run"
        return f"{running} of its queue {job.queue_name}, which is its limit"
    return ""


def _jobs(count: int) -> str:
    if count > COUNT_LIMIT:
        return f"more than {COUNT_LIMIT} jobs are"
    return "1 job is" if count == 1 else f"{count} jobs are"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _span(span: timedelta) -> str:
    """In its largest whole unit."""
    seconds = max(int(span.total_seconds()), 0)
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= size), _UNITS[-1])
    count = seconds // size
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
