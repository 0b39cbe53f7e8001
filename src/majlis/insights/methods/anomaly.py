"""Whether a count is out of the ordinary: three ways of saying so, because each is fooled by something else.

The alarm of METRICS wants all of: far from the usual (median and MAD), improbable under a count model, and worse in
mood. Counts of the same hour of the week are compared, by whoever calls.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import mean, median, stdev
from typing import Final

NORMAL_MAD: Final = 0.6745
"""A MAD of normal numbers is so many standard deviations (Iglewicz & Hoaglin 1993)."""


def mean_threshold(counts: Sequence[float], *, deviations: float) -> float | None:
    """Mean + k sample standard deviations: the rule of social media tools (Socialmetrix). A burst in the past
    hides the next. None of fewer than two counts."""
    return mean(counts) + deviations * stdev(counts) if len(counts) >= 2 else None


def median_and_mad(counts: Sequence[float]) -> tuple[float, float] | None:
    """Median, and the median of distances from it; None of nothing."""
    if not counts:
        return None
    middle = median(counts)
    return middle, median(abs(each - middle) for each in counts)


def robust_z(count: float, *, usual: float, mad: float, least: float = 0.0) -> float:
    """0.6745 × (count − median) ÷ MAD (Iglewicz & Hoaglin 1993, "How to detect and handle outliers").

    ``least``: what a MAD is at the least, for hours when it is nothing. With both nothing, what is usual is 0 and
    all else infinitely far.
    """
    spread = max(mad, least)
    if spread > 0:
        return NORMAL_MAD * (count - usual) / spread
    return 0.0 if count == usual else math.copysign(math.inf, count - usual)


def poisson_tail(count: int, *, mean: float) -> float:
    """P(X ≥ count) of Poisson counts with this mean. Summed from the end that is small, so that 10⁻¹² is not
    lost in 1 − 1. Real counts vary more than Poisson's: small numbers here are smaller than they should be.

    Raises ValueError when the mean is below nothing or no number.
    """
    if not 0 <= mean < math.inf:
        raise ValueError("a mean count is not below nothing")
    if count <= 0:
        return 1.0
    if mean == 0:
        return 0.0
    if count <= mean:
        return max(0.0, 1.0 - _terms(range(count - 1, -1, -1), mean))
    return _terms(range(count, 10**9), mean)


def _terms(numbers: range, mean: float) -> float:
    """e^−m m^k ÷ k! of these k, which go away from the mean, until they add nothing."""
    total = 0.0
    for k in numbers:
        term = math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))
        total += term
        if term <= total * 1e-17:
            break
    return total
