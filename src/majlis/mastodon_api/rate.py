"""How many requests a client has left, counted by all server processes together, told in X-RateLimit headers.

This keeps one broken app from keeping the house busy; it is not what protects passwords or storage
(``accounts.limits`` counts those in the database, where machines count together, too).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from majlis.accounts import limits
from majlis.core.errors import TooMany
from majlis.mastodon_api.counts import Counts

WINDOW: Final = 300
"""Seconds."""
OF_MEMBER: Final = 1_500
OF_ADDRESS: Final = 1_500
"""Requests in a window: of one token, and of one address without a token."""


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
    used = _counts().take(address or f"token {token_id}", window=window)
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


@cache
def _counts() -> Counts:
    return Counts(settings.MAJLIS.data_dir / ".requests.counts")
