"""How much of the talk is about a brand, and in what mood.

Told of mentions that can be seen, which is not all that is said: METRICS. Rivals are named and stored with the
number, because the number means nothing without them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec


class Mentioned(msgspec.Struct, frozen=True):
    """Who is talked about: ``mentions`` in the window, ``reach`` of all these together (people, not distinct)."""

    name: str
    mentions: int
    reach: int = 0

    def __post_init__(self) -> None:
        if self.mentions < 0 or self.reach < 0:
            raise ValueError("there are not less than no mentions")


class ShareOfVoice(msgspec.Struct, frozen=True, kw_only=True):
    """Of one; None where nobody was mentioned, or reached. ``rivals``: against whom."""

    share: float | None
    weighted: float | None
    rivals: tuple[str, ...]


def share_of_voice(brand: Mentioned, rivals: Sequence[Mentioned]) -> ShareOfVoice:
    """Mentions of the brand ÷ mentions of brand and named rivals; and the same weighted by reach (METRICS)."""
    return ShareOfVoice(
        share=_part(brand.mentions, sum(each.mentions for each in rivals)),
        weighted=_part(brand.reach, sum(each.reach for each in rivals)),
        rivals=tuple(each.name for each in rivals),
    )


def _part(own: int, others: int) -> float | None:
    return own / (own + others) if own + others else None


class Mood(msgspec.Struct, frozen=True):
    """Texts by sentiment."""

    positive: int
    neutral: int
    negative: int

    def __post_init__(self) -> None:
        if min(self.positive, self.neutral, self.negative) < 0:
            raise ValueError("there are not less than no texts")

    @property
    def texts(self) -> int:
        """How many in all."""
        return self.positive + self.neutral + self.negative


def net_sentiment(mood: Mood) -> float | None:
    """(positive − negative) ÷ all, from −1 to 1 (METRICS)."""
    return (mood.positive - mood.negative) / mood.texts if mood.texts else None


def polar_sentiment(mood: Mood) -> float | None:
    """(positive − negative) ÷ (positive + negative): of those who take a side (METRICS)."""
    sides = mood.positive + mood.negative
    return (mood.positive - mood.negative) / sides if sides else None


def net_interval(mood: Mood, *, z: float = 1.959963984540054) -> tuple[float, float] | None:
    """95 % interval of net sentiment, were these texts drawn from all that could be said.

    The mean of scores −1, 0, 1 has variance (p⁺ + p⁻ − net²) ÷ n; two texts are added first, half a one to each
    side (Agresti & Min 2005, "Simple improved confidence intervals for comparing matched proportions", Statistics
    in Medicine 24, 729–740), so that three texts of one mood are no certainty. How well the mood was recognised is
    not in it.
    """
    if not mood.texts:
        return None
    positive, negative, n = mood.positive + 0.5, mood.negative + 0.5, mood.texts + 2
    net = (positive - negative) / n
    half = z * math.sqrt(max((positive + negative) / n - net * net, 0.0) / n)
    return max(net - half, -1.0), min(net + half, 1.0)
