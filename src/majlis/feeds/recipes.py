"""The recipes that order a home feed. Public: what stands here is what ``/about/feed`` says, from these numbers.

``chronological`` is the newest first and nothing else. ``closeness`` puts first, among what is new, what comes
from those a reader is close to, by what she did herself: no signal is secret, none is bought, and nobody can be
pushed up or down in it. Everything older than its window is the newest first again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

CHRONOLOGICAL: Final = "chronological"
CLOSENESS: Final = "closeness"
RECIPES: Final = (CHRONOLOGICAL, CLOSENESS)
NAMES: Final[Mapping[str, Promise]] = {
    CHRONOLOGICAL: pgettext_lazy("order of the home feed", "Newest first"),
    CLOSENESS: pgettext_lazy("order of the home feed", "By closeness"),
}

WINDOW_HOURS: Final = 24
"""Only what came within so many hours is put in order; below it stands what is older, the newest first."""
MOST: Final = 200
"""And of that the newest so many: beyond, an order would be nothing that somebody reads."""
HALF_LIFE_HOURS: Final = 6
"""After so many hours an item weighs half."""
SIGNAL_DAYS: Final = 90
"""Reactions and replies of so many days count."""
MUTUAL: Final = 1.0
REACTIONS: Final = 1.0
REACTIONS_HALF: Final = 5
"""With so many reactions to an author she has half of what reactions can weigh."""
REPLIES: Final = 1.5
REPLIES_HALF: Final = 3


class Signals(msgspec.Struct, frozen=True):
    """What is known of a reader and an author: whether they follow each other, and how often she reacted to and
    replied to the author within ``SIGNAL_DAYS``."""

    mutual: bool = False
    reactions: int = 0
    replies: int = 0


class Score(msgspec.Struct, frozen=True):
    """What an item weighs, and of what that is made: ``recency`` times the sum of the other four."""

    hours: float
    signals: Signals
    recency: float
    mutual: float
    reactions: float
    replies: float
    base: float = 1.0

    @property
    def total(self) -> float:
        """The weight by which items are ordered."""
        return self.recency * (self.base + self.mutual + self.reactions + self.replies)


def closeness(signals: Signals, *, came_at: datetime, as_of: datetime) -> Score:
    """2^(−hours ÷ 6) × (1 + mutual + r ÷ (r + 5) + 1.5 × a ÷ (a + 3)), with r reactions and a replies to its
    author. What comes from the future is of now."""
    hours = max((as_of - came_at) / timedelta(hours=1), 0.0)
    return Score(
        hours=hours,
        signals=signals,
        recency=2 ** (-hours / HALF_LIFE_HOURS),
        mutual=MUTUAL if signals.mutual else 0.0,
        reactions=REACTIONS * signals.reactions / (signals.reactions + REACTIONS_HALF),
        replies=REPLIES * signals.replies / (signals.replies + REPLIES_HALF),
    )
