"""The network that an address belongs to: what one caller may have the whole of (behaviour 0.6)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings

Network = IPv4Network | IPv6Network

_PREFIX_LENGTHS = {4: 24, 6: 64}


def network_of(address: str) -> Network:
    """The IPv4 /24 or IPv6 /64; a local address is a network of its own."""
    ip = _ip(address)
    return ip_network(f"{ip}/{_PREFIX_LENGTHS[ip.version]}", strict=False) if ip.is_global else ip_network(ip)


def is_public(address: str) -> bool:
    return _ip(address).is_global


def is_proxy(address: str | None) -> bool:
    """Whether the setting DANBOORU_PROXY_NETWORKS names it; an unknown address may be any of them."""
    if not address:
        return bool(settings.DANBOORU_PROXY_NETWORKS)
    ip = _ip(address)
    return any(ip in network for network in settings.DANBOORU_PROXY_NETWORKS)


def _ip(address: str) -> IPv4Address | IPv6Address:
    """How a server that listens on IPv6 writes an IPv4 address does not make it another one."""
    ip = ip_address(address)
    return getattr(ip, "ipv4_mapped", None) or ip
