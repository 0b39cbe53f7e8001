"""What happens to logins. Told inside the transaction of the change; ids and checksums, never secrets."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from majlis.core.events import Event


class TokenRevoked(Event, frozen=True):
    """An access token works no longer: streams opened with it close. ``checksum`` is its SHA-256, in hex."""

    token_id: int
    checksum: str
    at: datetime


class SessionEnded(Event, frozen=True):
    """A browser is signed out: its streams close. ``checksum`` is the SHA-256 of the session key, in hex."""

    user_id: int
    checksum: str
    at: datetime


class LoginOpened(Event, frozen=True):
    """The login may be used from now on: address confirmed and, where needed, approved."""

    user_id: int
    at: datetime


class LoginWithdrawn(Event, frozen=True):
    """All that belongs to the login is hidden from now on. Its tokens and sessions have ended.

    Also told right after joining: nothing of a login is shown before it is open.
    """

    user_id: int
    why: Literal["not open yet", "suspended", "deletion"]
    at: datetime


class LoginRestored(Event, frozen=True):
    """What a withdrawal hid is back."""

    user_id: int
    at: datetime


class LoginDeleted(Event, frozen=True):
    """Told just before the row goes, in the same transaction: give up profiles now, they go with it.

    ``used`` is false when the login never was open, so that nobody ever read anything under its names.
    """

    user_id: int
    used: bool
    at: datetime
