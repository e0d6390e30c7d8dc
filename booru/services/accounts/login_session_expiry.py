"""Ends log-ins that nobody uses any more."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings

from booru.models import LoginSession


def expire_login_sessions() -> None:
    """Mark login sessions whose cookie has ended by now, and delete the web sessions that have."""
    LoginSession.objects.expire()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
