"""Which addresses of machines are those of public web servers: for whatever Waymark asks of the world outside."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

PORTS = {"http": 80, "https": 443}
NAT64 = ip_network("64:ff9b::/96")
# Python calls these global, and no public site is there: segment routing (RFC 9602), local NAT64 (RFC 8215).
NOT_SITES = (ip_network("5f00::/16"), ip_network("64:ff9b:1::/48"))


def system_addresses(host: str, port: int) -> list[str]:
    """What the system's resolver says."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str, port: int) -> bool:
    """Whether an address is that of a public web server, also once IPv4 inside IPv6 is unwrapped."""
    try:
        told = ip_address(address)
    except ValueError:
        return False
    if port not in PORTS.values():
        return False
    return _is_public(told) and _is_public(_unwrapped(told))


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    is_ours = any(address in network for network in NOT_SITES if network.version == address.version)
    return address.is_global and not (address.is_multicast or address.is_reserved or is_ours)


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
