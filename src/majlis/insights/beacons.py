"""What a browser reports: which posts it showed and what was opened from them, each with its ticket.

Nothing of a report is believed that is not sealed in the ticket, but this: it happened, so many milliseconds
ago. The time is the server's; an age beyond the ticket's is cut to it. The page load is the nonce, so a post
counts once per load however often it is reported. Somebody who is not signed in counts once a day and address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Annotated, Final, NamedTuple

import msgspec
from django.conf import settings

from majlis.core import json, sql
from majlis.insights import tickets
from majlis.insights.kinds import Kind, Source
from majlis.insights.recording import PlainFact, microseconds, record_plain
from majlis.insights.tables import SQL

LARGEST: Final = 32_768
MOST: Final = 200
"""Reports in one beacon."""
SOONEST: Final = 1.0
"""Seconds. A post is viewed for a second, so no report comes sooner after its page was made."""
_IMPRESSION: Final = int(Kind.IMPRESSION)
_KINDS: Final = frozenset({_IMPRESSION, int(Kind.CLICK)})
_OUTSIDE: Final = int(Source.OUTSIDE)
_OLDEST: Final = tickets.LASTS.total_seconds() * 1000
_PROGRAM: Final = re.compile(
    r"bot\b|bot[/;)]|crawl|spider|slurp|archiv|preview|fetch|monitor|lighthouse", re.IGNORECASE
)


class Report(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One line of a beacon: post, ticket, kind, and how long ago in milliseconds."""

    post: str
    ticket: str
    kind: Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
    age: float


_reports: Final = json.array_reader(list[Report], largest=LARGEST)


class Seen(NamedTuple):
    """A report whose ticket is good, as whole numbers: ``at`` in microseconds since 1970."""

    post_id: int
    profile_id: int
    kind: int
    source: int
    paid: int
    nonce: int
    at: int


@lru_cache(2_000)
def is_program(agent: str) -> bool:
    """Whether what calls itself this reads pages without a person in front of it."""
    return not agent.startswith(("Mozilla/", "Opera/")) or bool(_PROGRAM.search(agent))


def read(body: bytes) -> list[Report]:
    """The reports of a beacon, at most ``MOST``.

    Raises:
        BadInput: it is no beacon of ours.
    """
    return _reports(body)[:MOST]


def valid(reports: Sequence[Report], *, viewer: int, address: str, now: datetime) -> list[Seen]:
    """Those of the reports that count. ``viewer`` 0 is told apart by ``address``, which is not kept."""
    found = []
    moment, seconds = microseconds(now), now.timestamp()
    unsigned = 0 if viewer else _once_a_day(address, now)
    for report in reports:
        post, kind = report.post, report.kind
        if kind not in _KINDS or not (post.isascii() and post.isdecimal() and len(post) < 20):
            continue
        post_id = int(post)
        ticket = tickets.read(report.ticket, viewer=viewer, post_id=post_id, at=seconds)
        if ticket is None or (kind == _IMPRESSION and seconds - ticket.issued_at < SOONEST):
            continue
        at = max(moment - _age(report.age), ticket.issued_at * 1_000_000)
        if viewer:
            source, nonce = int(ticket.source), ticket.load
        else:
            source, nonce = _OUTSIDE, unsigned
        found.append(Seen(post_id, viewer, kind, source, int(ticket.paid), nonce, at))
    return found


def _age(milliseconds: float) -> int:
    """How long ago in microseconds; what is no time at all (a clock set back, a joke) is now."""
    return int(milliseconds * 1000) if 0 <= milliseconds <= _OLDEST else 0


def _once_a_day(address: str, now: datetime) -> int:
    """The same number for an address all day, of which nobody can make the address again."""
    day = f"{now.date()} {address}".encode()
    return int.from_bytes(blake2b(day, key=settings.SECRET_KEY.encode()[:64], digest_size=8).digest()) >> 1


class Pages:
    """Which page a measured post is of, remembered. It never changes."""

    def __init__(self) -> None:
        self._of: dict[int, int] = {}

    def of(self, post_ids: set[int]) -> dict[int, int]:
        """Of those of the posts that are measured."""
        unknown = [id_ for id_ in post_ids if id_ not in self._of]
        if unknown:
            if len(self._of) > 100_000:
                self._of.clear()
                unknown = list(post_ids)
            self._of.update(sql.rows(SQL["measured_among"], posts=unknown))
        return self._of


def take(seen: Sequence[Seen], *, pages: Pages, at: datetime) -> int:
    """Record reports, in the caller's transaction; how many were new."""
    page_of = pages.of({each.post_id for each in seen})
    return record_plain(
        [PlainFact(page_of[each[0]], *each) for each in seen if each[0] in page_of], arrived_at=at
    )
