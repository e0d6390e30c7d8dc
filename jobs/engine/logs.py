"""Log records that say which request and which job they belong to."""

from __future__ import annotations

import logging
import re

from jobs.engine.context import current_context
from jobs.engine.current import current_job

_QUERY = re.compile(r"\?\S*")


class ContextFilter(logging.Filter):
    """Adds `request_id`, `job_id` and `job_class` to each record; "-" where there is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        job = current_job()
        record.request_id = current_context().request_id or "-"
        record.job_id = str(job.pk) if job else "-"
        record.job_class = job.job_class if job else "-"
        return True


class QueryFilter(logging.Filter):
    """Cuts queries off the request lines of Django's development server: they may hold keys and tokens."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_QUERY.sub("", arg) if isinstance(arg, str) else arg for arg in record.args)
        return True
