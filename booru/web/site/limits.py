"""How often one complains of a copyright infringement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booru.email_addresses.spelling import mailbox_key
from booru.web.limits.rate_limits import Limit, limit_key

if TYPE_CHECKING:
    from booru.models import User


def dmca_limit(_user: User | None) -> Limit:
    return Limit("dmca:create", 1 / 600, 3)


INVALID_DMCA_LIMIT = Limit("dmca:create:invalid", 1, 10)
# Anybody can give anybody's address.
DMCA_COPY_LIMIT = Limit("dmca:copy", 1 / 3600, 3)


def limit_dmca_copies(address: str) -> None:
    """Count a copy of a complaint for this address, whoever makes us send it. Raises TooManyRequests."""
    limit_key(DMCA_COPY_LIMIT, mailbox_key(address))
