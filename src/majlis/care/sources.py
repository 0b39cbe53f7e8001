"""Where words to a page come from. A source of this house has its name here; one of outside is ``outside.`` and the name
of its network, and needs no more than that to be taken in (``intake.arrive``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import msgspec

MENTION: Final = "mention"
COMMENT: Final = "comment"  # in a thread that the page began, or an answer to what it said
DIRECT: Final = "direct"  # seen by those it names alone
REVIEW: Final = "review"
SPOKEN: Final = "spoken"  # of the page, not to it
OF_HOUSE: Final = (MENTION, COMMENT, DIRECT, REVIEW, SPOKEN)
OUTSIDE: Final = "outside."


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said on an outside network, as an adapter is given it."""

    page_id: int
    thread: str
    in_reply_to: str
    to: str
    text: str
    at: datetime


Answering = Callable[[Answer], str]
"""Sends an answer and gives its id there; raises what ``core.errors`` has when it cannot."""

_answering: dict[str, Answering] = {}


def install(adapters: Mapping[str, Answering]) -> None:
    """By which networks answers leave: name of the network → how. Called once, by the wiring."""
    _answering.clear()
    _answering.update(adapters)


def is_outside(source: str) -> bool:
    """Whether it is another network's."""
    return source.startswith(OUTSIDE)


def answering(source: str) -> Answering | None:
    """How answers leave to an outside source; None where they must be written there."""
    return _answering.get(source.removeprefix(OUTSIDE)) if is_outside(source) else None
