"""A number that a model gives, never without its range."""

from __future__ import annotations

import msgspec


class Estimate(msgspec.Struct, frozen=True):
    """A value and the range it lies in, 95 times of 100."""

    value: float
    low: float
    high: float
