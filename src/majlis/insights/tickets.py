"""Tickets: what lets a browser tell that it showed a post, and nothing else.

A page of the web client is served with one beside each post of a business. It is a seal over who looks, which
post, where, paid or not, which page load and when; so it is of no use to another member, for another post, or
the next day. Nothing is stored: the page load is the nonce of the fact, so a repeated report is the same fact.
"""

from __future__ import annotations

import secrets
import struct
from base64 import urlsafe_b64encode
from binascii import Error, a2b_base64
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from hmac import compare_digest
from typing import Final

import msgspec
from django.conf import settings

from majlis.insights.kinds import Source

LASTS: Final = timedelta(hours=26)
"""A page that stays open longer than a day tells nothing more."""
_SECONDS: Final = LASTS.total_seconds()
_SOURCES: Final = {int(source): source for source in Source}
_ITSELF: Final = struct.Struct(">QIB")  # load, issued at (seconds), source and whether it is paid for
_SEALED: Final = struct.Struct(">QQ")  # viewer, post
_SEAL: Final = 11
_LENGTH: Final = _ITSELF.size + _SEAL
_WRITTEN: Final = _LENGTH * 4 // 3  # 24 bytes: no padding
_PAID: Final = 128


class Ticket(msgspec.Struct, frozen=True):
    """What a ticket says, once its seal was looked at. ``issued_at``: whole seconds since 1970."""

    source: Source
    paid: bool
    load: int
    issued_at: int


def new_load() -> int:
    """The number of a page load: every post on it counts once for it."""
    return secrets.randbits(63) | 1


def issue(*, viewer: int, post_id: int, source: Source, paid: bool, load: int, at: datetime) -> str:
    """A ticket, 32 letters long. ``viewer`` 0: somebody who is not signed in."""
    itself = _ITSELF.pack(load, int(at.timestamp()), int(source) | (_PAID if paid else 0))
    return urlsafe_b64encode(itself + _seal(itself, viewer, post_id)).decode()


def read(ticket: str, *, viewer: int, post_id: int, at: float) -> Ticket | None:
    """What the ticket says; None when it was not made here, for this viewer and post, within the day before ``at``
    (seconds since 1970: a beacon asks about many at one moment)."""
    if len(ticket) != _WRITTEN or not 0 <= post_id < 2**63:
        return None
    try:
        raw = a2b_base64(ticket.replace("-", "+").replace("_", "/"))
    except (Error, ValueError):
        return None
    itself, seal = raw[: _ITSELF.size], raw[_ITSELF.size :]
    if len(raw) != _LENGTH or not compare_digest(seal, _seal(itself, viewer, post_id)):
        return None
    load, seconds, where = _ITSELF.unpack(itself)
    if not -1 <= at - seconds <= _SECONDS:
        return None
    return Ticket(_SOURCES[where & ~_PAID], where >= _PAID, load, seconds)


def _seal(itself: bytes, viewer: int, post_id: int) -> bytes:
    seal = _sealing().copy()
    seal.update(itself + _SEALED.pack(viewer, post_id))
    return seal.digest()


@cache
def _sealing() -> blake2b:
    """What seals, with a key that is made from the house's secret for tickets alone; to be copied."""
    key = blake2b(b"majlis tickets", key=settings.SECRET_KEY.encode()[:64], digest_size=32).digest()
    return blake2b(digest_size=_SEAL, key=key)
