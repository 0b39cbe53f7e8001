"""Would following such a plan have been better than what the page chose itself? Told from what it did anyway.

Method and what it cannot say: ``insights.methods.plan_value``. The same was done on 500 published posts (docs/metrics.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from majlis.insights.methods.enough import NotEnough
from majlis.insights.methods.expectation import Past
from majlis.insights.methods.plan_value import Verdict, plan_value


class Test(msgspec.Struct, frozen=True, kw_only=True):
    """``ratio``: reach of posts that agreed with the plan of their moment ÷ of those that did not, adjusted, with its
    95 % interval; None: ``more`` posts are needed of which there are ``posts``."""

    posts: int
    agreed: int = 0
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: str = ""
    more: int | None = None


PUBLISHED: Final = Test(posts=440, agreed=162, ratio=1.52, low=1.20, high=1.88, verdict=Verdict.BETTER.value)
"""The method on the 500 posts of Moro, Rita & Vala 2016 (the first 60 to learn from); tests/insights measures it anew
where the set is there, as ``make evaluate`` does."""


def test(posts: Sequence[Past]) -> Test:
    """The back-test on a page's own posts. Some seconds of CPU for a few hundred."""
    found = plan_value(posts)
    if isinstance(found, NotEnough):
        return Test(posts=found.have, more=found.more)
    return Test(
        posts=found.posts, agreed=found.agreed, ratio=round(found.ratio.value, 3), low=round(found.ratio.low, 3),
        high=round(found.ratio.high, 3), verdict=found.verdict.value,
    )  # fmt: skip
