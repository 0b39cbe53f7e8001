"""Where codes lead, remembered by each server process and kept true by the change log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
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
    # of a link that is tested: where half of the clicks go, by lot; the others go where it says itself
    other: Destination | None = None
    key: bytes = b""

    def for_click(self, token: str) -> Destination:
        """Where a click leads. Only asked of a link that is tested."""
        return self.other if self.other is not None and arm_of(self.key, token) == "b" else self

    def led_to(self, location: bytes) -> bool:
        """Whether a location is this link's, of whichever target."""
        return location.startswith(self.before) or (
            self.other is not None and location.startswith(self.other.before)
        )


def arm_of(key: bytes, token: str) -> str:
    """ "a" or "b" for a click, by its token: the lowest bit of its keyed sum (BLAKE2b, RFC 7693)."""
    return "b" if blake2b(token.encode(), key=key, digest_size=1).digest()[0] & 1 else "a"


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
    link_id, page_id, post_id, target, target_b, key, *utm = row
    named = dict(zip(("utm_source", "utm_medium", "utm_campaign", "utm_content"), utm, strict=True))
    ids = (link_id, page_id, post_id)
    other = _destination(ids, target_b, named) if target_b else None
    found = _destination(ids, target, named, other=other, key=bytes(key or b""))
    if MEMORY.live:
        _destinations.store(code, found, mark)
    return found


def _destination(
    ids: tuple[int, int, int],
    target: str,
    named: Mapping[str, str],
    *,
    other: Destination | None = None,
    key: bytes = b"",
) -> Destination:
    before, after = targets.parted(target, named)
    plain = targets.plain(target, named)
    return Destination(*ids, before.encode(), after.encode(), plain.encode(), other, key)
