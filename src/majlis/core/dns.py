"""Asking the names of the net: the one resolver for records other than addresses.

(Addresses of what is fetched are looked up by ``core.http``, which checks them.) Nothing that is asked here
is connected to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import dns.resolver

PATIENCE: Final = 8.0
"""Seconds for a whole question, all tries together."""


class LookupFailed(Exception):
    """No answer just now: nobody spoke, or the server could not. Asking later may work."""


def texts(name: str, *, server: str = "") -> list[str]:
    """The TXT records of a name (RFC 1035, 3.3.14), each of its strings joined; none: an empty list.

    ``name`` is in ASCII (IDNA). ``server`` is the address of a name server, with its port unless that is 53
    (``192.0.2.53`` or ``127.0.0.1:5353``); empty: those of the machine.

    Raises:
        LookupFailed: there was no answer.
    """
    import dns.exception  # noqa: PLC0415  # 5 MB that only this question needs
    import dns.resolver  # noqa: PLC0415

    try:
        found = _resolver(server).resolve(name.rstrip(".") + ".", "TXT", lifetime=PATIENCE)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise LookupFailed(f"{name}: {type(error).__name__}") from error
    return [b"".join(record.strings).decode("utf-8", "replace") for record in found]


def _resolver(server: str) -> dns.resolver.Resolver:
    import dns.resolver  # noqa: PLC0415

    if not server:
        return dns.resolver.Resolver()
    host, _colon, port = server.rpartition(":")
    alone = not host or ("]" not in server and server.count(":") > 1)  # an IPv6 address without a port
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [(server if alone else host).strip("[]")]
    resolver.port = 53 if alone else int(port)
    return resolver
