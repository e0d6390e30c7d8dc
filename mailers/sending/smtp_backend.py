"""SMTP with Danbooru's options: STARTTLS where offered, time-outs, a choice of log-in (behaviour G.7)."""

from __future__ import annotations

import smtplib
import ssl
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.utils import DNS_NAME
from django.utils.functional import cached_property

from mailers.sending.delivery_url import SmtpOptions
from mailers.sending.dialogue import Dialogue, Smtp, SmtpOverTls


class StarttlsNotOffered(smtplib.SMTPException):
    """The server does not offer STARTTLS, and enable_starttls=true forbids to go on without it."""


class SmtpBackend(EmailBackend):
    """Django's, with the options of SMTP_OPTIONS; see mailers/sending/delivery_url.py."""

    connection: Dialogue | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options: SmtpOptions = settings.SMTP_OPTIONS

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.options.get("ca_file"))
        if not self.options.get("verify", True):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def open(self) -> bool:
        """Connect and log in, unless that is done. Whatever goes wrong is raised."""
        if self.connection:
            return False
        connection = self._connect()
        try:
            self._encrypt(connection)
            self._log_in(connection)
        except BaseException:
            connection.close()
            raise
        self.connection = connection
        return True

    def begin(self) -> None:
        """The time for the next email begins."""
        if self.connection:
            self.connection.begin()

    def close(self) -> None:
        """Say goodbye, for no longer than an answer may take."""
        if self.connection:
            self.connection.begin(self.options.get("read_timeout", 5))
        super().close()

    def _connect(self) -> Dialogue:
        params: dict[str, Any] = {
            "local_hostname": self.options.get("domain") or DNS_NAME.get_fqdn(),
            "timeout": self.options.get("open_timeout", 5),
            "read_timeout": self.options.get("read_timeout", 5),
            "total_timeout": self.options.get("total_timeout", 60),
        }
        if self.use_ssl:
            params["context"] = self.ssl_context
        kind = SmtpOverTls if self.use_ssl else Smtp
        return kind(self.host, self.port, **params)

    def _encrypt(self, connection: Dialogue) -> None:
        starttls = self.options.get("starttls", "auto")
        if self.use_ssl or starttls == "never":
            return
        connection.ehlo_or_helo_if_needed()
        if connection.has_extn("starttls"):
            connection.starttls(context=self.ssl_context)
        elif starttls == "always":
            raise StarttlsNotOffered(f"{self.host} does not offer STARTTLS")

    def _log_in(self, connection: Dialogue) -> None:
        if not (self.username and self.password):
            return
        method = self.options.get("authentication")
        if method is None:
            connection.login(self.username, self.password)
            return
        connection.ehlo_or_helo_if_needed()
        connection.user, connection.password = self.username, self.password
        connection.auth(method.upper().replace("_", "-"), getattr(connection, f"auth_{method}"))
