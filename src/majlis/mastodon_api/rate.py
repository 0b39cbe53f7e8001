"""How many requests a client has left, counted in this process, told in X-RateLimit headers.

This keeps one broken app from keeping a process busy; it is not what protects passwords or storage
(``accounts.limits`` counts those in the database, for all processes together). A dictionary is enough.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from majlis.accounts import limits
from majlis.core.errors import TooMany

WINDOW: Final = 300
"""Seconds."""
OF_MEMBER: Final = 1_500
OF_ADDRESS: Final = 1_500
"""Requests in a window: of one token, and of one address without a token."""
MOST_KEPT: Final = 50_000

_lock: Final = threading.Lock()
_counted: dict[tuple[int, str], int] = {}


def count(request: HttpRequest, *, token_id: int | None, at: datetime) -> dict[str, str]:
    """Count a request; the headers that tell what is left.

    Raises:
        TooMany: nothing is left.
    """
    if not settings.MAJLIS.limits:
        return {}
    window = int(at.timestamp()) // WINDOW
    address = limits.network(limits.client_address(request)) if token_id is None else ""
    most = OF_ADDRESS if token_id is None else OF_MEMBER
    used = _take((window, address or f"token {token_id}"))
    ends = (window + 1) * WINDOW
    if used > most:
        raise TooMany(
            _("Too many requests. Please try again in some minutes."),
            retry_after=max(1, ends - int(at.timestamp())),
        )
    return {
        "X-RateLimit-Limit": str(most),
        "X-RateLimit-Remaining": str(most - used),
        "X-RateLimit-Reset": datetime.fromtimestamp(ends, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }


def _take(key: tuple[int, str]) -> int:
    with _lock:
        if len(_counted) >= MOST_KEPT:
            for old in [kept for kept in _counted if kept[0] < key[0]] or list(_counted)[: MOST_KEPT // 2]:
                del _counted[old]
        _counted[key] = _counted.get(key, 0) + 1
        return _counted[key]
