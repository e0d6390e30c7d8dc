"""The tables of the engine, and what their rows need.

Read job and status first, then attempt, progress, batch, pause, cron_state and cluster; failure_alert and
lock_check are notes that only the engine reads. ids, names and row_json hold no table.
"""

from jobs.engine.models.attempt import JobAttempt
from jobs.engine.models.batch import JobBatch
from jobs.engine.models.cluster import Sleeper, WorkerCluster
from jobs.engine.models.cron_state import CronState
from jobs.engine.models.failure_alert import FailureAlert
from jobs.engine.models.job import BackgroundJob, BackgroundJobQuerySet
from jobs.engine.models.lock_check import LockCheck
from jobs.engine.models.pause import Pause, PauseKind
from jobs.engine.models.progress import JobProgress
from jobs.engine.models.status import Hold, JobStatus

__all__ = [
    "BackgroundJob",
    "BackgroundJobQuerySet",
    "CronState",
    "FailureAlert",
    "Hold",
    "JobAttempt",
    "JobBatch",
    "JobProgress",
    "JobStatus",
    "LockCheck",
    "Pause",
    "PauseKind",
    "Sleeper",
    "WorkerCluster",
]
