"""The network that an address belongs to: what one caller may have the whole of (behaviour 0.6)."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings

Network = IPv4Network | IPv6Network

_PREFIX_LENGTHS = {4: 24, 6: 64}


def network_of(address: str) -> Network:
    """The IPv4 /24 or IPv6 /64; a local address is a network of its own."""
    ip = ip_address(address)
    return ip_network(f"{ip}/{_PREFIX_LENGTHS[ip.version]}", strict=False) if ip.is_global else ip_network(ip)


def is_public(address: str) -> bool:
    return ip_address(address).is_global


def is_proxy(address: str | None) -> bool:
    """Whether the setting DANBOORU_PROXY_NETWORKS names it."""
    if not address:
        return False
    ip = ip_address(address)
    return any(ip in network for network in settings.DANBOORU_PROXY_NETWORKS)
