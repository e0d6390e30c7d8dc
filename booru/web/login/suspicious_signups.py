"""Tells whether somebody signs up in a way that spammers do (behaviour I.3)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from booru.models import User, UserEvent
from booru.visitors.networks import is_proxy, is_public, network_of
from booru.web.login.log_in import session_ids
from jobs.engine.context import client_ip

if TYPE_CHECKING:
    from django.http import HttpRequest

_RECENTLY = timedelta(hours=24)


def is_suspicious(request: HttpRequest) -> bool:
    """Whether the new account is to be Restricted until it has a verified address."""
    address = client_ip(request)
    if not settings.DANBOORU_NEW_USER_VERIFICATION:
        return False
    if not address:
        # Nobody can say that it is none of these.
        return True
    if not is_public(address):
        return False
    return is_proxy(address) or _has_other_account(request) or _is_used_by_others(address)


def _has_other_account(request: HttpRequest) -> bool:
    """Somebody was logged in with this browser."""
    return UserEvent.objects.authorized().filter(session_id__in=session_ids(request)).exists()


def _is_used_by_others(address: str) -> bool:
    """Somebody was here lately, even if they have been elsewhere since."""
    network, since = network_of(address), timezone.now() - _RECENTLY
    users = User.objects.filter(last_ip_addr__gte=str(network[0]), last_ip_addr__lte=str(network[-1]))
    if users.filter(last_logged_in_at__gt=since).exists():
        return True
    events = UserEvent.objects.authorized().from_network_of(address)
    return events.filter(created_at__gt=since).exists()
