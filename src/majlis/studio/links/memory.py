"""Where codes lead, remembered by each server process and kept true by the change log."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from majlis.core import changes, sql
from majlis.core.memory import Cache
from majlis.feeds.memory import MEMORY
from majlis.studio.links import codes, targets

SQL: Final = sql.load("majlis.studio.links")
LINE: Final = "link.changed"
_MOST: Final = 50_000


class Destination(msgspec.Struct, frozen=True):
    """Where a code leads: ``before + token + after``, or ``plain`` for whoever is not counted."""

    link_id: int
    page_id: int
    post_id: int
    before: bytes
    after: bytes
    plain: bytes


_destinations: Final[Cache[str, Destination]] = Cache(_MOST)


def listen() -> None:
    """Forget a code when its link is changed or retired, by whatever process."""
    changes.listen(LINE, lambda line: _destinations.invalidate(line.data["code"]))


def forget() -> None:
    """Forget all (the process was away from the change log, or a page ended)."""
    _destinations.clear()


def tell(link_id: int, code: str, *, at: datetime) -> None:
    """Have every process forget the code, in the transaction that changes its link."""
    changes.append(LINE, link_id, at=at, code=code)


def remembered(code: str) -> Destination | None:
    """Where it leads, if that is in memory."""
    return _destinations.get(code)


def find(code: str) -> Destination | None:
    """Where it leads, from the database, remembered from now on; None for a code that leads nowhere."""
    if not codes.is_code(code):
        return None
    mark = _destinations.mark()
    row = sql.one(SQL["by_code"], code=code)
    if row is None:
        return None
    link_id, page_id, post_id, target, *utm = row
    named = dict(zip(("utm_source", "utm_medium", "utm_campaign", "utm_content"), utm, strict=True))
    before, after = targets.parted(target, named)
    found = Destination(
        link_id, page_id, post_id, before.encode(), after.encode(), targets.plain(target, named).encode()
    )
    if MEMORY.live:
        _destinations.store(code, found, mark)
    return found
