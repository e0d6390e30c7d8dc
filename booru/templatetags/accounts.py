"""Template tags for where an account was used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from booru.visitors.browsers import device_name
from booru.visitors.networks import is_public

if TYPE_CHECKING:
    from booru.models import UserEvent

register = template.Library()


@register.filter
def device(user_agent: str) -> str:
    """What kind of browser or program it was."""
    return device_name(user_agent) or "unknown"


@register.filter
def place(event: UserEvent | None) -> str:
    """City, region and who the address belongs to, as far as they were told."""
    if not event:
        return "unknown"
    told = [event.metadata.get(name) for name in ("city", "region", "country", "organization")]
    if known := [str(part) for part in told if part]:
        return ", ".join(known)
    return "local network" if event.ip_addr and not is_public(event.ip_addr) else "unknown"
