"""Whether some posts did better than others, so far as so few can tell.

Welch's interval (1947) of the difference of mean levels, where a level is log((outcome + 1) ÷ (followers + 1)), as in
``insights.methods.expectation``; told as a ratio. Posts are taken as if each were on its own and nobody drew lots, so
it is an estimate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import fmean, variance
from typing import Final

import msgspec

from majlis.insights.methods.expectation import SETTLING, Outcome, Past, level

FEWEST: Final = 5
"""Posts on either side, below which nothing is told."""
_LEAST_VARIANCE: Final = 1e-4  # posts that are all alike by chance are no proof


class Contrast(msgspec.Struct, frozen=True):
    """``posts`` of the one sort against ``others``: ``ratio`` of their usual outcome with its 95 % interval."""

    posts: int
    others: int
    ratio: float
    low: float
    high: float

    @property
    def better(self) -> bool:
        """Whether the interval lies above "no difference"."""
        return self.low > 1

    @property
    def worse(self) -> bool:
        """Whether the interval lies below "no difference"."""
        return self.high < 1


def contrast(these: Sequence[float], others: Sequence[float]) -> Contrast | None:
    """Levels of the one sort against those of the others; None where either are fewer than five."""
    from scipy.special import stdtrit  # noqa: PLC0415

    if min(len(these), len(others)) < FEWEST:
        return None
    spreads = [max(variance(side), _LEAST_VARIANCE) / len(side) for side in (these, others)]
    error = math.sqrt(sum(spreads))
    freedom = sum(spreads) ** 2 / sum(
        part**2 / (len(side) - 1) for part, side in zip(spreads, (these, others), strict=True)
    )
    difference = fmean(these) - fmean(others)
    reach = float(stdtrit(freedom, 0.975)) * error
    return Contrast(
        len(these), len(others), *(math.exp(each) for each in (difference, difference - reach, difference + reach))
    )  # fmt: skip


def of_posts(posts: Sequence[Past], is_one: Callable[[Past], bool]) -> Contrast | None:
    """A page's own posts of one sort against its others, by reach: those that nobody paid for and that had two days
    before the newest."""
    until = max((post.at for post in posts), default=None)
    settled = [post for post in posts if not post.paid and until is not None and post.at <= until - SETTLING]
    told: tuple[list[float], list[float]] = ([], [])
    for post in settled:
        told[not is_one(post)].append(level(post, Outcome.REACH))
    return contrast(*told)
