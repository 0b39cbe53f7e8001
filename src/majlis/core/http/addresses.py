"""Which addresses the house may speak to. A table of our own.

``ipaddress.is_global`` of Python 3.11 lets 17 of 51 bad addresses pass (192.0.0.9, 224.0.0.1,
64:ff9b::7f00:1 among them), and changes with every release; this is the IANA special-purpose
registries (RFC 6890 and its successors), multicast, reserved space, and addresses with a meaning
inside large hosting firms.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED_V4: Final = {
    IPv4Network(network): why
    for network, why in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by carriers"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a hosting firm's control address"),
        ("169.254.0.0/16", "link-local, cloud metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112 service"),
        ("192.52.193.0/24", "automatic multicast tunnels"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112 service"),
        ("198.18.0.0/15", "benchmarks"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved, broadcast"),
    )
}
# Outside this block nothing of the public IPv6 Internet is assigned.
_PUBLIC_V6: Final = IPv6Network("2000::/3")
_REFUSED_V6: Final = {
    IPv6Network(network): why
    for network, why in (
        ("2001::/23", "protocol assignments: Teredo, benchmarks, ORCHID"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4: an IPv4 address inside"),
        ("2620:4f:8000::/48", "AS112 service"),
        ("3ffe::/16", "6bone, given back"),
        ("3fff::/20", "documentation"),
    )
}
# An IPv4 address in the last 32 bits: what is asked is whether that one may be spoken to. NAT64's
# well-known prefix (RFC 6052) is how a machine without IPv4 reaches the rest of the world.
_WRAPPED_V4: Final = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))


def refusal(address: str, *, allowed: Collection[Network] = ()) -> str | None:
    """Why this address may not be spoken to, in a few words for the log; None when it may.

    ``allowed`` are networks that are open all the same (loopback in tests, an operator's own).
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return "not an address"
    if any(parsed.version == network.version and parsed in network for network in allowed):
        return None
    if isinstance(parsed, IPv4Address):
        return _refusal_v4(parsed)
    return _refusal_v6(parsed)


def _refusal_v4(address: IPv4Address) -> str | None:
    return next((why for network, why in _REFUSED_V4.items() if address in network), None)


def _refusal_v6(address: IPv6Address) -> str | None:
    if address.scope_id is not None:
        return "bound to an interface"
    if any(address in network for network in _WRAPPED_V4):
        return _refusal_v4(IPv4Address(int(address) & 0xFFFFFFFF))
    if address not in _PUBLIC_V6:
        return "not public IPv6"
    return next((why for network, why in _REFUSED_V6.items() if address in network), None)
