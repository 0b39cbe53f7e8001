"""The middle of a few numbers and the range it lies in, without assuming how they are spread.

Conover, Practical Nonparametric Statistics (3rd ed. 1999), section 3.2: of n draws the number below the median is
binomial (n, ½), so order statistics bound it. What few large values do to a mean they do not do to this.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec


class Median(msgspec.Struct, frozen=True):
    """The median of ``n`` numbers. ``interval`` None: so few bound nothing at the error asked for."""

    value: float
    n: int
    interval: tuple[float, float] | None


def median(values: Sequence[float], *, error: float) -> Median | None:
    """``error``: the chance (of one) at each end that the range misses. None of no numbers.

    Raises:
        ValueError: an error that is no chance, or a number that is none.
    """
    if not 0 < error < 0.5:
        raise ValueError("the error is a chance below one half")
    if not all(map(math.isfinite, values)):
        raise ValueError("a median is of numbers")
    if not values:
        return None
    ordered = sorted(values)
    count = len(ordered)
    middle = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    out = left_out(count, error=error)
    return Median(middle, count, None if out is None else (ordered[out], ordered[count - 1 - out]))


def left_out(count: int, *, error: float) -> int | None:
    """How many of the least, and of the greatest, may be left out of the range; None: even all of them do not do."""
    chance, most = 0.0, None
    for below in range((count + 1) // 2):
        chance += math.comb(count, below) / 2**count
        if chance > error:
            break
        most = below
    return most


def fewest(*, error: float) -> int:
    """How many numbers it takes before anything can be said at that error: ½ⁿ ≤ error."""
    return math.ceil(-math.log2(error))
