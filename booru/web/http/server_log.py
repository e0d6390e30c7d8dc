"""The log of the web server, without the secrets that are in addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gunicorn.glogging import Logger

from jobs.engine.logs import SecretsFilter

if TYPE_CHECKING:
    from gunicorn.config import Config


class SafeLogger(Logger):  # type: ignore[misc]
    """Named by gunicorn.conf.py. Links in emails hold tokens, which neither log may show."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for log in (self.access_log, self.error_log):
            # Also called again, when gunicorn is told to reload.
            if not any(isinstance(known, SecretsFilter) for known in log.filters):
                log.addFilter(SecretsFilter())
