"""Tells whether mail can reach an address at all, by asking the network (behaviour F.5)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from django.conf import settings
from dns.exception import DNSException
from dns.name import from_text, root
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from booru.email_addresses.probe import SMTP_PORT, reply_to_recipient
from mailers.content.links import canonical_host
from mailers.content.senders import address_of
from mailers.sending.delivery_url import SMTP

if TYPE_CHECKING:
    from dns.name import Name

_SECONDS = 3.0
_MOST_HOSTS = 3
# Names of private networks and of examples, for which nobody outside answers (RFC 6761, 6762, 8375, 9476).
_PRIVATE = frozenset(
    {"alt", "arpa", "corp", "example", "home", "internal", "intranet", "invalid", "lan", "local"}
    | {"localdomain", "localhost", "onion", "private", "test"}
)


def is_undeliverable(address: str) -> bool:
    """Is it certain that no mail reaches this address, which must be valid?

    Its domain takes no mail or, where this site sends by SMTP, its mail server refuses the recipient.
    Whatever else goes wrong counts as deliverable. Takes three seconds at most: ask before a transaction.
    """
    if not settings.DANBOORU_CHECK_EMAIL_DOMAINS:
        return False
    return AddressCheck(asks_recipient=settings.EMAIL_BACKEND == SMTP).is_undeliverable(address)


def is_on_the_internet(address: str) -> bool:
    """Not this machine, not one beside it: an address that somebody typed must lead to neither."""
    ip = ip_address(address)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


@dataclass(frozen=True)
class AddressCheck:
    """How addresses are checked; what is not given is as it is on the internet."""

    asks_recipient: bool
    resolver: Resolver | None = None
    port: int = SMTP_PORT
    may_connect: Callable[[str], bool] = is_on_the_internet
    seconds: float = _SECONDS

    def is_undeliverable(self, address: str) -> bool:
        domain = address.rpartition("@")[2]
        if is_private_name(domain):
            return False
        try:
            return _Look(self, address, time.monotonic() + self.seconds).is_hopeless(domain)
        except (DNSException, OSError):
            return False


def is_private_name(name: str) -> bool:
    """A name that means something only inside a network, if anywhere."""
    labels = name.lower().rstrip(".").split(".")
    return len(labels) < 2 or labels[-1] in _PRIVATE


@dataclass
class _Look:
    """One check; raises DNSException or OSError when the network does not tell."""

    check: AddressCheck
    address: str
    until: float
    resolver: Resolver = field(init=False)

    def __post_init__(self) -> None:
        self.resolver = self.check.resolver or Resolver()

    def is_hopeless(self, domain: str) -> bool:
        hosts = self._mail_hosts(domain)
        if not hosts:
            return self._knows_the_internet()
        return self.check.asks_recipient and self._is_refused_by(hosts)

    def _knows_the_internet(self) -> bool:
        """A name server of a closed network says of every foreign name that it does not exist."""
        return bool(self._records(root, "NS"))

    def _mail_hosts(self, domain: str) -> list[Name]:
        """The best first. None at all for a domain that says that it takes no mail (RFC 7505)."""
        records = sorted(self._records(from_text(domain), "MX"), key=lambda record: record.preference)
        return [record.exchange for record in records if record.exchange != root]

    def _is_refused_by(self, hosts: list[Name]) -> bool:
        """The first that listens decides; when none does, the address cannot get mail either."""
        is_refused = False
        for host in hosts[:_MOST_HOSTS]:
            for address in self._addresses(host)[:1]:
                try:
                    return 500 <= self._reply_of(address) < 600
                except ConnectionRefusedError:
                    is_refused = True
        return is_refused

    def _addresses(self, host: Name) -> list[str]:
        """Those that we may connect to: never by the name, which may lead elsewhere a moment later."""
        if is_private_name(host.to_text()):
            return []
        found = [record.address for record in self._records(host, "A")]
        return [address for address in found if self.check.may_connect(address)]

    def _reply_of(self, address: str) -> int:
        sender, name = address_of("welcome"), canonical_host()
        server = (address, self.check.port)
        return reply_to_recipient(self.address, sender=sender, name=name, server=server, until=self.until)

    def _records(self, name: Name, kind: str) -> list[Any]:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            return list(self.resolver.resolve(name, kind, lifetime=left, search=False))
        except (NXDOMAIN, NoAnswer):
            return []
