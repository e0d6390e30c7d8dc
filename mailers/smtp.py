"""The path by which settings name the backend for SMTP: `EMAIL_BACKEND = "mailers.smtp.SmtpBackend"`."""

from __future__ import annotations

from mailers.sending.smtp_backend import SmtpBackend

__all__ = ["SmtpBackend"]
