"""Log records that say which request and which job they belong to, and no secrets."""

from __future__ import annotations

import logging

from jobs.engine.context import current_job, current_request_ids, without_secrets


class ContextFilter(logging.Filter):
    """Adds `request_id`, `client_request_id`, `job_id` and `job_class` to each record, "-" for none.

    `request_label` has both ids of the request, the client's only where it gave one.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        job, ids = current_job(), current_request_ids()
        # Django tells of some requests when they are over, and has them with it.
        known = ids if ids.request_id else getattr(record, "request", None)
        request_id = getattr(known, "request_id", None) or "-"
        client_id = getattr(known, "client_request_id", None)
        record.request_id = request_id
        record.client_request_id = client_id or "-"
        record.request_label = f"{request_id} (client's {client_id})" if client_id else request_id
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
