"""What is counted of conversations: how long answers take, how many promises are kept, how content customers are.

Pure: of numbers, not of the database. Where there is too little to tell, the answer says how much is missing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from majlis.insights.methods.answers import Satisfaction, csat
from majlis.insights.methods.enough import Need, NotEnough, lacking

FEWEST: Final = 10
"""Below so many conversations or answers a figure says more of one customer than of the team."""


class Quantiles(msgspec.Struct, frozen=True):
    """Of ``n`` times, in seconds: the time within which half, three quarters and nine tenths of them lie."""

    median: float
    p75: float
    p90: float
    n: int


class Promise(msgspec.Struct, frozen=True):
    """What became of the promises of a conversation in a window: it was closed in it, a target was missed, or both."""

    priority: int
    closed: bool
    breached: bool


class Attainment(msgspec.Struct, frozen=True):
    """``within`` target, of ``n`` conversations that were closed or breached."""

    within: int
    n: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.within / self.n


def quantile(ordered: Sequence[float], share: float) -> float:
    """Of numbers in order, by linear interpolation between neighbours: Hyndman & Fan 1996, The American Statistician 50,
    definition 7, which PostgreSQL's ``percentile_cont`` and numpy use too.

    Raises:
        ValueError: of no numbers, or the share is none.
    """
    if not ordered or not 0 <= share <= 1:
        raise ValueError("a quantile is of numbers, at a share from 0 to 1")
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def quantiles(seconds: Sequence[float]) -> Quantiles | None:
    """Of times in whatever order; None of none."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return Quantiles(quantile(ordered, 0.5), quantile(ordered, 0.75), quantile(ordered, 0.9), len(ordered))


def response_times(seconds: Sequence[float]) -> Quantiles | NotEnough:
    """The same, where there are enough answered conversations to tell."""
    found = quantiles(seconds)
    if found is None or found.n < FEWEST:
        return lacking(Need.CONVERSATIONS, have=len(seconds), need=FEWEST)
    return found


def attainment(promises: Sequence[Promise]) -> Mapping[int, Attainment | NotEnough]:
    """By priority: conversations within target ÷ those closed or breached in the window (METRICS). What neither was closed
    nor missed a target says nothing yet."""
    decided: dict[int, list[Promise]] = defaultdict(list)
    for each in promises:
        if each.closed or each.breached:
            decided[each.priority].append(each)
    return {
        priority: Attainment(sum(not each.breached for each in of_it), len(of_it))
        if len(of_it) >= FEWEST
        else lacking(Need.CONVERSATIONS, have=len(of_it), need=FEWEST)
        for priority, of_it in sorted(decided.items())
    }


def satisfaction(ratings: Sequence[int], *, asked: int | None = None) -> Satisfaction | NotEnough:
    """CSAT with n and answer rate (:func:`majlis.insights.methods.answers.csat`), where there are enough answers.

    Raises:
        ValueError: a rating is not 1 to 5, or there are more answers than were asked for.
    """
    found = csat(ratings, asked=asked)
    if found.answers < FEWEST:
        return lacking(Need.ANSWERS, have=found.answers, need=FEWEST, share=found.rate if asked else 1.0)
    return found
