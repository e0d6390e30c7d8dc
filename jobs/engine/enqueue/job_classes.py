"""Finding job classes by the path that the row remembers."""

from __future__ import annotations

from django.utils.module_loading import import_string

from jobs.engine.base import Job
from jobs.engine.enqueue.moved import current_path
from jobs.engine.errors import UnknownJob
from jobs.engine.models.names import is_path


def load_job_class(path: str) -> type[Job]:
    """The class that the row names. Raises UnknownJob, also when its module cannot be imported."""
    try:
        job_class = import_string(current_path(path))
    except ImportError as error:
        raise UnknownJob(f"there is no job class {path}", may_come=is_path(path)) from error
    except Exception as error:
        may_come = is_path(path)
        raise UnknownJob(f"the job class {path} cannot be imported: {error}", may_come=may_come) from error
    if not (isinstance(job_class, type) and issubclass(job_class, Job)):
        raise UnknownJob(f"{path} is not a job class")
    return job_class
