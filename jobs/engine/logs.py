"""Log records that say which request and which job they belong to."""

from __future__ import annotations

import logging

from jobs.engine.context import current_context
from jobs.engine.current import current_job


class ContextFilter(logging.Filter):
    """Adds `request_id`, `job_id` and `job_class` to each record; "-" where there is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        job = current_job()
        record.request_id = current_context().request_id or "-"
        record.job_id = str(job.pk) if job else "-"
        record.job_class = job.job_class if job else "-"
        return True
