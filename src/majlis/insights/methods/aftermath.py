"""What a burst may come to in the next hours, which earlier ones were like it, and what the team's dismissals teach."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import fmean
from typing import Final

import msgspec

PRIOR_MEAN: Final = 1.3
PRIOR_SPREAD: Final = 0.55
PRIOR_BURSTS: Final = 8
"""Of bursts in made-up series, at the alarm: the logarithm of what came in the next three hours ÷ what came in the half hour
before, its mean and standard deviation; believed as so many bursts of the page (docs/metrics.md)."""


class Past(msgspec.Struct, frozen=True):
    """An earlier burst. ``before``: mentions in the half hour up to its alarm; ``after``: in the three hours behind it;
    ``steps``: counts of five minutes since its start; ``at``: when it began; ``minutes``: until it was over."""

    at: datetime
    before: float
    after: float
    steps: tuple[float, ...] = ()
    minutes: int | None = None


class Expected(msgspec.Struct, frozen=True):
    """Mentions of the next three hours: the middle, and the range that has nine of ten. ``bursts``: how many of the page's
    own were learnt from."""

    middle: float
    low: float
    high: float
    bursts: int


def expected(half_hour: float, earlier: Sequence[Past]) -> Expected:
    """From the mentions of the half hour until now.

    The logarithm of after ÷ before is normal with unknown mean and variance, so the next one is Student's t (Gelman et al.,
    Bayesian Data Analysis, 3rd ed., section 3.3): wide for a page without bursts, as wide as its own differ for one with
    many.

    Raises:
        ValueError: a count below nothing or that is no number.
    """
    from scipy.stats import t as student  # noqa: PLC0415  # heavy, and wanted in a burst only

    if not 0 <= half_hour < math.inf:
        raise ValueError("a count is a number and not below nothing")
    logs = [math.log((past.after + 0.5) / (past.before + 0.5)) for past in earlier]
    n, known = len(logs), PRIOR_BURSTS + len(logs)
    own = fmean(logs) if logs else PRIOR_MEAN
    mean = (PRIOR_BURSTS * PRIOR_MEAN + n * own) / known
    squares = PRIOR_BURSTS * PRIOR_SPREAD**2 + sum((each - own) ** 2 for each in logs)
    squares += PRIOR_BURSTS * n / known * (own - PRIOR_MEAN) ** 2
    width = math.sqrt(squares / known * (1 + 1 / known)) * float(student.ppf(0.95, known))
    base = half_hour + 0.5
    return Expected(base * math.exp(mean), base * math.exp(mean - width), base * math.exp(mean + width), n)


def alike(steps: Sequence[float], earlier: Sequence[Past], *, most: int = 3) -> list[Past]:
    """Earlier bursts nearest in size and shape: the distance is |log of the ratio of what both had by now| + half the sum of
    the differences of how it was spread over these steps (total variation, 0 to 1)."""
    if not steps:
        return []

    def distance(past: Past) -> float:
        those = [*past.steps[: len(steps)], *[0.0] * (len(steps) - len(past.steps))]
        mine, theirs = sum(steps), sum(those)
        size = abs(math.log((mine + 0.5) / (theirs + 0.5)))
        if not mine or not theirs:
            return size + 1
        return size + sum(abs(a / mine - b / theirs) for a, b in zip(steps, those, strict=True)) / 2

    return sorted((past for past in earlier if past.steps), key=distance)[:most]


class Reason(StrEnum):
    """Why the team dismissed an alarm."""

    EXPECTED = "expected"  # a campaign, a match, an hour of theirs
    NOT_ABOUT_US = "not_about_us"
    TOO_SMALL = "too_small"


class Dismissal(msgspec.Struct, frozen=True):
    """``words``: by which texts that are not about the page are known. ``until``: when what was expected is over."""

    at: datetime
    reason: Reason
    words: tuple[str, ...] = ()
    until: datetime | None = None


class Lessons(msgspec.Struct, frozen=True):
    """``stricter``: the budget of days is multiplied by it. ``words``: texts with one of them do not count. ``expected``:
    something is expected, and a burst rings only from ``LOUDEST`` on."""

    stricter: float
    words: frozenset[str]
    expected: bool


FORGOTTEN: Final = timedelta(days=14)
LOUDEST: Final = 180.0
MOST_WORDS: Final = 20


def lessons(
    dismissals: Sequence[Dismissal], *, usual_words: Mapping[str, int], usual_texts: int, now: datetime
) -> Lessons:
    """What the last dismissals teach, bounded so that nobody can make a watch deaf.

    *Too small* doubles the budget, which half of is forgotten in a fortnight, up to eight times. *Not about us* leaves the
    latest 20 words out, for 90 days, but none that stands in a twentieth of the page's usual texts. *Expected* is believed
    for a fortnight at the most. What a page has once in 180 days rings whatever was dismissed (:func:`heard`).
    """
    past = [each for each in dismissals if each.at <= now]
    doublings = sum(0.5 ** ((now - each.at) / FORGOTTEN) for each in past if each.reason is Reason.TOO_SMALL)
    words: dict[str, None] = {}
    for each in sorted(past, key=lambda each: each.at, reverse=True):
        if each.reason is Reason.NOT_ABOUT_US and now - each.at <= timedelta(days=90):
            words.update(
                dict.fromkeys(word for word in each.words if usual_words.get(word, 0) * 20 < usual_texts)
            )
    waits = any(
        each.reason is Reason.EXPECTED
        and each.until is not None
        and now < min(each.until, each.at + FORGOTTEN)
        for each in past
    )
    return Lessons(2 ** min(doublings, 3.0), frozenset(list(words)[:MOST_WORDS]), waits)


def heard(once_in: float, taught: Lessons) -> bool:
    """Whether a burst that the page's history has once in so many days rings at all."""
    return once_in >= LOUDEST or not taught.expected
