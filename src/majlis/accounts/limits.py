"""How often something may be done, counted in PostgreSQL so that all server processes count together.

The arithmetic is the ``limits`` library's; its storages are Redis, Memcached and the like, none of which
this house has, so one statement per count stands in. A limit is counted under every key it is given
(address *and* account): the first that is full refuses. Decision and price: one upsert of about 0.2 ms
on an unlogged table, on paths that hash passwords or send mail anyway.
"""

from __future__ import annotations

import ipaddress
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from limits import RateLimitItem, parse_many
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from majlis.core import sql
from majlis.core.clock import now
from majlis.core.errors import TooMany

_SQL: Final = sql.load("majlis.accounts")

#: What is limited, and how much of it.
RULES: Final[dict[str, str]] = {
    "apps": "30/5 minutes; 300/day",  # registering apps, by address
    "token": "60/5 minutes",  # asking for tokens, by address and by app
    "authorize": "60/5 minutes",  # consenting to apps, by login
    "join": "5/minute; 30/hour",  # joining through an app, by address
    "post": "300/3 hours",  # posts, by profile
    "delete": "60/30 minutes",  # deleted posts, by profile: rewriting history is cheap for apps only
    "upload": "30/30 minutes",  # photos taken in, by profile, from pages and apps together
    "team": "40/day",  # invitations into a team, by page
    "review": "20/day",  # reviews, by profile
    "domain": "30/hour",  # looking for a proof at a domain, by page
    "password": "5/5 minutes; 25/hour",  # the password said once more on a page of ours, by login
    "conversions": "300/5 minutes",  # orders and events told by browsers, by address
    "forged": "60/5 minutes",  # webhooks with a wrong signature, by address
    "review_link": "60/5 minutes; 600/day",  # opening and answering review links, by address
    "review_letter": "40/day",  # review links sent by mail, by page
    "mail": "5/30 minutes",  # mail to one address, whoever causes it
}


class PostgresStorage(Storage):
    """Counters in a table. A window begins with its first hit."""

    STORAGE_SCHEME = ["majlis+postgresql"]

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return ()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        row = sql.one(_SQL["count"], key=key, seconds=expiry, amount=amount)
        return int(row[0]) if row else 0

    def get(self, key: str) -> int:
        row = sql.one(_SQL["counted"], key=key)
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        row = sql.one(_SQL["counted"], key=key)
        return float(row[1]) if row else now().timestamp()

    def check(self) -> bool:
        return sql.one("SELECT 1") is not None

    def reset(self) -> int | None:
        return sql.execute("DELETE FROM accounts_count")

    def clear(self, key: str) -> None:
        sql.execute(_SQL["forget_count"], key=key)


_limiter: Final = FixedWindowRateLimiter(PostgresStorage())


def take(rule: str, *keys: str) -> None:
    """Count one more of it, under each of the keys.

    Raises:
        TooMany: there were too many under one of them; with the seconds until its window ends.
    """
    if not settings.MAJLIS.limits:
        return
    for item in parse_many(RULES[rule]):
        for key in keys:
            if not _limiter.hit(item, rule, _short(key)):
                raise TooMany(
                    _("Too often. Please try again later."), retry_after=_seconds_left(item, rule, key)
                )


def _seconds_left(item: RateLimitItem, rule: str, key: str) -> int:
    ends = _limiter.get_window_stats(item, rule, _short(key)).reset_time
    return max(1, int(ends - now().timestamp()) + 1)


def _short(key: str) -> str:
    """Keys are typed by strangers: one length, and no mail address in the table."""
    return sha256(key.casefold().encode("utf-8", "replace")).hexdigest()[:32]


def client_address(request: HttpRequest) -> str:
    """The address of the client, as the outermost trusted proxy saw it.

    ``X-Forwarded-For`` is believed only as far back as there are trusted proxies; a shorter list than that
    was not written by them, and the peer's own address is taken.
    """
    return address_of(
        forwarded=request.headers.get("X-Forwarded-For", ""), peer=str(request.META.get("REMOTE_ADDR", ""))
    )


def address_of(*, forwarded: str, peer: str) -> str:
    """The same, from the header ``X-Forwarded-For`` and the address of the connection."""
    trusted = settings.MAJLIS.trusted_proxies
    stated = [part.strip() for part in forwarded.split(",")]
    if trusted and len(stated) >= trusted and (address := _address(stated[-trusted])):
        return address
    return _address(peer) or "0.0.0.0"  # noqa: S104  # a unix socket has none


def network(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 that one IPv6 line is given."""
    parsed = ipaddress.ip_address(address)
    return address if parsed.version == 4 else str(ipaddress.ip_network(f"{address}/64", strict=False))


def _address(text: str) -> str | None:
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
