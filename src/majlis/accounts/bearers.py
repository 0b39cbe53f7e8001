"""Access tokens that a process remembers, so that one in use is not looked up at every request.

Only a process that follows the change log remembers any: a token that ends anywhere is forgotten when its line
is heard, which is right after the commit, and before the answer in the process that ended it. A process that has
not heard the log for a while looks every token up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from majlis.accounts import tokens
from majlis.accounts.tokens import Bearer
from majlis.core import changes
from majlis.core.errors import NotSignedIn
from majlis.core.memory import Cache

KEPT_FOR: Final = 600.0
"""Seconds after which a remembered token is looked up again (it may have expired, and a new day is noted)."""
LONGEST_SILENCE: Final = 20.0
"""Seconds without a word of the change log (which is asked every five) after which memory is not trusted."""


class _Remembered:
    """What this process remembers. ``live`` when it follows the change log."""

    def __init__(self) -> None:
        self.live = False
        self.bearers: Cache[str, tuple[Bearer, float]] = Cache(20_000)


_here: Final = _Remembered()


def listen() -> None:
    """Forget a token when it is revoked."""
    changes.listen("token.revoked", lambda line: _here.bearers.invalidate(line.data["checksum"]))


def begin() -> None:
    """Forget all tokens, and remember from now on: this process follows the change log (again)."""
    _here.bearers.clear()
    _here.live = True


def end() -> None:
    """Forget all tokens, and remember none."""
    _here.live = False
    _here.bearers.clear()


def remembered(token: str, *, at: datetime) -> Bearer | None:
    """The bearer, if it is in memory."""
    kept = _here.bearers.get(tokens.checksum(token))
    if kept is None or at.timestamp() - kept[1] >= KEPT_FOR or changes.silence() > LONGEST_SILENCE:
        return None
    return kept[0]


def require(token: str, *, at: datetime) -> Bearer:
    """The bearer of a token, from memory or from the database; then the day of its use is noted.

    Raises:
        NotSignedIn, NotAllowed: see ``accounts.tokens.require``.
    """
    if not token:
        raise NotSignedIn(_("The access token is invalid."), code="invalid_token")
    if bearer := remembered(token, at=at):
        return bearer
    mark = _here.bearers.mark()
    bearer = tokens.require(token)
    tokens.note_use(bearer, on=at.date())
    if _here.live:
        _here.bearers.store(tokens.checksum(token), (bearer, at.timestamp()), mark)
    return bearer
