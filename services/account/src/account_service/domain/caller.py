"""Who asks, as far as one can tell without being told."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

LONGEST_DEVICE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The device in its own words, and the network it is in."""

    device: str
    network: str


def caller_of(*, user_agent: str, address: str) -> Caller:
    """Whoever sent this; a device that says nothing is "unknown"."""
    said = "".join(letter for letter in user_agent if letter.isprintable())
    return Caller(device=said[:LONGEST_DEVICE] or "unknown", network=network_of(address))


def network_of(address: str) -> str:
    """The network a person may move about in: an IPv4 /24, an IPv6 /56 (one household's)."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(IPv6Network((int(found), 56), strict=False))
        found = found.ipv4_mapped
    return str(IPv4Network((int(found), 24), strict=False))
