"""Where what happens in this request comes from: a card on the home page, an app, a promotion.

Reactions are told by events that know nothing of pages. The edge says it here, once per request.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from majlis.insights.kinds import Source


class Origin(msgspec.Struct, frozen=True):
    """The place, and whether somebody paid for the post to stand there."""

    source: Source
    paid: bool = False


_UNKNOWN = Origin(Source.APP)
_origin: ContextVar[Origin] = ContextVar("origin", default=_UNKNOWN)


def current() -> Origin:
    """Where it comes from; what comes from no page is an app's."""
    return _origin.get()


@contextmanager
def coming_from(source: Source, *, paid: bool = False) -> Iterator[None]:
    """What happens inside comes from there."""
    token = _origin.set(Origin(source, paid))
    try:
        yield
    finally:
        _origin.reset(token)
