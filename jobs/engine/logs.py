"""Log records that say which request and which job they belong to, and no secrets."""

from __future__ import annotations

import logging

from jobs.engine.context import current_context, without_secrets
from jobs.engine.current import current_job


class ContextFilter(logging.Filter):
    """Adds `request_id`, `client_request_id`, `job_id` and `job_class` to each record, "-" for none.

    `request_label` has both ids of the request, the client's only where it gave one.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        job, context = current_job(), current_context()
        record.request_id = context.request_id or "-"
        record.client_request_id = context.client_request_id or "-"
        client = f" (client's {context.client_request_id})" if context.client_request_id else ""
        record.request_label = f"{context.request_id or '-'}{client}"
        record.job_id = str(job.pk) if job else "-"
        record.job_class = job.job_class if job else "-"
        return True


class SecretsFilter(logging.Filter):
    """Filters the secrets out of addresses in each record's message.

    For a logger or a handler; a logger's filters see only what is logged with that very logger.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 -- its arguments do not fit; the handler says so
            return True
        if (safe := without_secrets(message)) != message:
            record.msg, record.args = safe, None
        return True
