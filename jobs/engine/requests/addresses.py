"""Reads addresses as servers and proxies write them."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address

# "203.0.113.5:1000", "[2001:db8::1]", "[2001:db8::1]:1000"; what is between is looked at afterwards.
_WITH_PORT = re.compile(r"\[(?P<six>[^\[\]]+)\](:\d{1,5})?|(?P<four>[\d.]+):\d{1,5}")


def read_address(text: str) -> str | None:
    """The address in its usual form, without a port; None for what is none ("unknown", "unix:", "").

    An IPv4 address in IPv6 clothes is that IPv4 address, so that nobody has two; a zone ("fe80::1%eth0") says
    nothing outside the machine and no column takes it.
    """
    text = text.strip().strip('"')
    if match := _WITH_PORT.fullmatch(text):
        text = match["six"] or match["four"]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)
