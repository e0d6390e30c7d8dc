"""What can go wrong with a job; the docstring of each is its meaning."""

from datetime import timedelta


class JobError(Exception):
    """Any error of the job engine itself."""


class ArgumentError(JobError):
    """An argument cannot be kept in the job's row; raised by `enqueue`, before anything is saved."""


class OptionError(JobError, ValueError, TypeError):
    """An option of `using()`, or of the job class, is not of its kind; raised before anything is saved."""


class MissingArgument(JobError):
    """A record that the job was given is gone; the job is discarded quietly."""


class UnreadableArguments(JobError):
    """The row holds other arguments than `enqueue` writes; somebody else has written it."""


class UnknownJob(JobError):
    """The row names a job class or function that this code does not have."""

    def __init__(self, message: str, *, may_come: bool = False) -> None:
        super().__init__(message)
        # Another version of the code may have it.
        self.may_come = may_come


class ArgumentsDoNotFit(JobError, TypeError):
    """What is called does not take the row's arguments, as when another version of the code enqueued it."""


class UnreadableJob(JobError):
    """What the row says cannot be read: a number of thousands of digits, lists in lists in lists."""


class JobTimeout(JobError):
    """The job ran longer than its time limit."""


class OpenTransaction(JobError):
    """The job left a transaction open; what it did in there is taken back."""


class JobActionError(JobError):
    """A person asked for what this job's state does not allow, such as cancelling a finished one."""


class WorkerDied(JobError):
    """The worker process died while it ran the job."""


class JobCanceled(JobError):
    """A person cancelled the job."""


class Postponed(JobError):
    """Raised in perform() by a job that cannot do its work for now: it is run again after `delay`.

    Unlike a failure it is no attempt of the job's, however often it happens.
    """

    def __init__(self, reason: str, delay: timedelta) -> None:
        super().__init__(reason)
        self.delay = delay


class JobLost(JobError):
    """Another worker has taken the job over, or it was deleted; what this one does no longer counts."""


class WorkerStopped(JobError):
    """The workers were stopped before the job had finished; it is run again."""
