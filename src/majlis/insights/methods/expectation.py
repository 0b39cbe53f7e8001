"""How many a post will reach, said before it is out: a range that should hold four times of five.

Method, chosen by measurement (docs/metrics.md). What is foretold is log((outcome + 1) ÷ (followers + 1)). With 30 or
more posts that have settled: a ridge regression with Huber's weights, newer posts counting more (half for each 40
posts), on kind, part of the day, weekend, paid, length and time since the last post. Its range comes from its own past
errors, each made without sight of what came after (split conformal prediction, Lei et al. 2018, in rolling form):
the shortest stretch of them that holds 80 %, made wider by each range of the page's own past that missed and narrower
by each that held (adaptive conformal inference, Gibbs & Candès 2021, on the width). Below 30 posts: one level per page,
a normal-inverse-gamma posterior whose prior is borrowed from other pages, and its Student-t range; it says from whom
it borrows.

Invariant: no prediction uses a post that had not settled when the foretold one was planned.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

LEVEL: Final = 0.8
FEWEST_POSTS: Final = 30
"""Below this a page's own posts only move what is borrowed."""
SETTLING: Final = timedelta(days=2)
"""After so long a post has most of its reach; younger ones are not looked at."""
_FIRST: Final = 10  # errors are noted from the eleventh post on
_HALF_LIFE: Final = 40  # posts
_ERRORS, _ERRORS_HALF_LIFE = 300, 100  # posts
_STEP: Final = 0.08
"""A miss adds LEVEL times this to the logarithm of the width. While the bounds below are not reached, the share of misses
among a page's first n ranges is off by ln(bound) ÷ (step × n) at the most: by five points in 230, whatever it does."""
NARROWEST, WIDEST = 0.6, 2.5
_RIDGE: Final = 3.0
_HUBER: Final = 1.345
_TURNS: Final = 6
_PARTS: Final = (6, 9, 12, 15)  # hours at which a part of the day begins


class Outcome(StrEnum):
    """What is foretold."""

    REACH = "reach"  # distinct accounts
    CLICKS = "clicks"  # distinct accounts that clicked


class Basis(StrEnum):
    """What an expectation stands on."""

    OWN = "own"
    MIXED = "mixed"  # the page's few posts, and what others' posts do
    BORROWED = "borrowed"  # there is no post yet


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A post to come. ``at``: on the wall of the page; ``length``: characters. Raises ValueError below nothing."""

    at: datetime
    followers: int
    kind: str
    paid: bool = False
    length: int = 0

    def __post_init__(self) -> None:
        if self.followers < 0 or self.length < 0:
            raise ValueError("Followers and characters are counted from nothing.")


class Past(Planned, frozen=True, kw_only=True):
    """A post that is out: ``followers`` as they were then, ``reach`` and ``clicks`` of distinct accounts."""

    reach: int
    clicks: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.reach < 0 or self.clicks < 0:
            raise ValueError("Reach and clicks are counted from nothing.")

    def came(self, outcome: Outcome) -> int:
        """What was foretold of it, as it turned out."""
        return self.reach if outcome == Outcome.REACH else self.clicks


class Borrowed(msgspec.Struct, frozen=True, kw_only=True):
    """What is believed before a page has posts: ``middle`` of log((outcome + 1) ÷ (followers + 1)), how far posts of
    one page lie apart (``within``) and pages from each other (``between``), as standard deviations. ``name`` is told."""

    name: str
    posts: int
    pages: int
    middle: float
    within: float
    between: float


PUBLISHED: Final = {
    Outcome.REACH: Borrowed(
        name="Moro, Rita & Vala 2016, a cosmetics brand on Facebook (CC BY 4.0)",
        posts=500, pages=1, middle=-3.02, within=1.17, between=1.0,
    ),
    Outcome.CLICKS: Borrowed(
        name="Moro, Rita & Vala 2016, a cosmetics brand on Facebook (CC BY 4.0)",
        posts=500, pages=1, middle=-5.37, within=0.94, between=1.0,
    ),
}  # fmt: skip
"""One page cannot tell how pages differ: ``between`` 1 (a factor of 2.7 up or down is usual) is assumed, not measured."""


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """Whole accounts, ``low`` to ``high`` with ``level`` chance, half the time above ``middle``. ``posts``: of the
    page's own that it was told from; ``borrowed``: from whom the rest is, None when nothing is."""

    outcome: Outcome
    low: int
    middle: int
    high: int
    level: float
    basis: Basis
    posts: int
    borrowed: str | None


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How good it was: inside the range; its width; the interval score (width + 2 ÷ (1 − level) × what it missed by,
    Gneiting & Raftery 2007, equation 43); pinball loss of the middle; ``log_width`` the factor high ÷ low as a logarithm."""

    inside: bool
    width: int
    interval: float
    pinball: float
    log_width: float


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A post of a back-test: what was said before, what came."""

    post: Past
    expectation: Expectation
    score: Score


class BackTest(msgspec.Struct, frozen=True, kw_only=True):
    """Over all posts foretold. ``naive`` is the page's own 10–90 % quantiles of all settled posts before."""

    told: tuple[Told, ...]
    coverage: float
    median_width: float
    mean_log_width: float
    mean_interval: float
    naive_coverage: float
    naive_median_width: float
    naive_mean_log_width: float
    naive_mean_interval: float


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """What a page's history taught; ask it for any number of planned posts. ``known``: settled posts it was told from;
    a page with few of them has no ``weights``, and ``shift`` then is the range of the level itself. ``widened``: how many
    times as wide ``shift`` is as past errors say, for past ranges that missed or held; 1 for a page with few posts."""

    outcome: Outcome
    known: int
    kinds: tuple[str, ...]
    last: datetime | None
    weights: tuple[float, ...]
    shift: tuple[float, float, float]
    borrowed: str | None
    widened: float = 1.0

    def expect(self, planned: Planned) -> Expectation:
        """The range for a planned post."""
        height = 0.0
        if self.weights:
            features = _features(planned, kinds=self.kinds, before=self.last)
            height = sum(weight * value for weight, value in zip(self.weights, features, strict=True))
        low, middle, high = _whole(height, self.shift, planned.followers)
        basis = Basis.OWN if self.borrowed is None else Basis.MIXED if self.known else Basis.BORROWED
        return Expectation(
            outcome=self.outcome, low=low, middle=middle, high=high, level=LEVEL, basis=basis, posts=self.known,
            borrowed=self.borrowed,
        )  # fmt: skip


def learn(
    posts: Sequence[Past], *, at: datetime, outcome: Outcome = Outcome.REACH, borrowed: Borrowed | None = None
) -> Learned:
    """From the posts that had settled at that moment; later ones are not looked at. About 0.1 s of CPU for a history
    of 500 posts, so keep it while somebody writes."""
    earlier = sorted((one for one in posts if one.at < at), key=lambda one: one.at)
    known = sum(one.at <= at - SETTLING for one in earlier)
    last = earlier[-1].at if earlier else None
    if known < FEWEST_POSTS:
        return _from_few(earlier[:known], outcome, last, borrowed or PUBLISHED[outcome])
    table = _Table(earlier, outcome)
    return _from_many(table, known, table.fitted(known), last)


def factor_of(held: Iterable[bool]) -> float:
    """By how much ranges are stretched after such ones, oldest first (adaptive conformal inference, Gibbs & Candès 2021,
    on the width): each that missed widens by 6.6 %, each that held narrows by 1.6 %, so that the width stands still where
    one of five misses."""
    factor = 1.0
    for each in held:
        factor = _after(factor, held=each)
    return factor


def _after(factor: float, *, held: bool) -> float:
    factor *= math.exp(_STEP * ((0.0 if held else 1.0) - (1 - LEVEL)))
    return min(max(factor, NARROWEST), WIDEST)


def score(expectation: Expectation, came: int) -> Score:
    """What came, held against what was said."""
    return _scored(expectation.low, expectation.middle, expectation.high, came, expectation.level)


def borrow(
    pages: Sequence[Sequence[Past]], *, name: str, outcome: Outcome = Outcome.REACH
) -> Borrowed | None:
    """A prior out of other pages of the house, each with five posts or more; None from fewer than three pages.
    Middle and spreads are medians (× 1.4826 for the spreads, as for a normal law), so no page stands out."""
    levels = [[level(post, outcome) for post in page] for page in pages if len(page) >= 5]
    if len(levels) < 3:
        return None
    centres = [statistics.median(page) for page in levels]
    middle = statistics.median(centres)
    return Borrowed(
        name=name, posts=sum(map(len, levels)), pages=len(levels), middle=middle,
        within=max(0.3, statistics.median(_spread(page, centre) for page, centre in zip(levels, centres, strict=True))),
        between=max(0.3, _spread(centres, middle)),
    )  # fmt: skip


def back_test(
    posts: Sequence[Past],
    *,
    outcome: Outcome = Outcome.REACH,
    first: int = 60,
    borrowed: Borrowed | None = None,
) -> BackTest | None:
    """Rolling origin: every post from the ``first`` on is foretold from what had settled before it. None without any."""
    ordered = sorted(posts, key=lambda one: one.at)
    if len(ordered) <= first:
        return None
    table = _Table(ordered, outcome)
    told, naive = [], []
    for place in range(first, len(ordered)):
        post, known = ordered[place], table.known[place]
        if known < FEWEST_POSTS:
            learned = _from_few(
                ordered[:known],
                outcome,
                ordered[place - 1].at if place else None,
                borrowed or PUBLISHED[outcome],
            )
        else:
            learned = _from_many(table, known, table.weights(place), ordered[place - 1].at)
        said = learned.expect(post)
        came = post.came(outcome)
        told.append(Told(post=post, expectation=said, score=score(said, came)))
        if known:
            naive.append(_naive([one.came(outcome) for one in ordered[:known]], came))
    if not told or not naive:
        return None
    return BackTest(
        told=tuple(told),
        coverage=_mean([one.score.inside for one in told]),
        median_width=statistics.median(one.score.width for one in told),
        mean_log_width=_mean([one.score.log_width for one in told]),
        mean_interval=_mean([one.score.interval for one in told]),
        naive_coverage=_mean([one.inside for one in naive]),
        naive_median_width=statistics.median(one.width for one in naive),
        naive_mean_log_width=_mean([one.log_width for one in naive]),
        naive_mean_interval=_mean([one.interval for one in naive]),
    )


def _naive(before: Sequence[int], came: int) -> Score:
    import numpy as np  # noqa: PLC0415

    low, middle, high = np.quantile(before, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]).tolist()
    return _scored(math.floor(low), round(middle), math.ceil(high), came, LEVEL)


def _scored(low: int, middle: int, high: int, came: int, level: float) -> Score:
    missed = max(low - came, 0, came - high)
    return Score(
        inside=low <= came <= high, width=high - low, interval=high - low + 2 / (1 - level) * missed,
        pinball=abs(came - middle) / 2, log_width=math.log((high + 1) / (low + 1)),
    )  # fmt: skip


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _spread(values: Sequence[float], middle: float) -> float:
    return 1.4826 * statistics.median(abs(value - middle) for value in values)


def level(post: Past, outcome: Outcome) -> float:
    """What is foretold: log((outcome + 1) ÷ (followers + 1))."""
    return math.log1p(post.came(outcome)) - math.log1p(post.followers)


def _counted(level: float, followers: int) -> float:
    return max(0.0, math.exp(min(level + math.log1p(followers), 40.0)) - 1)


def _whole(height: float, shift: tuple[float, float, float], followers: int) -> tuple[int, int, int]:
    """Whole accounts, the ends outwards."""
    low, middle, high = (_counted(height + one, followers) for one in shift)
    return math.floor(low), round(middle), math.ceil(high - 1e-9)


def _features(post: Planned, *, kinds: Sequence[str], before: datetime | None) -> list[float]:
    """1, each kind, parts of the day, weekend, paid, length and time since the last post (both as logarithms)."""
    hours = (post.at - before) / timedelta(hours=1) if before is not None else 24.0
    later = [float(start <= post.at.hour < end) for start, end in zip(_PARTS, (*_PARTS[1:], 24), strict=True)]
    return [
        1.0,
        *(float(post.kind == kind) for kind in kinds),
        *later,
        float(post.at.isoweekday() >= 6),
        float(post.paid),
        (math.log1p(post.length) - 5) / 2,
        math.log1p(min(max(hours, 0.0), 14 * 24)) - 3,
    ]


class _Table:
    """A history as numbers, with what is worked out once and used for every origin."""

    def __init__(self, ordered: Sequence[Past], outcome: Outcome) -> None:
        import numpy as np  # noqa: PLC0415

        self.outcome, self.posts = outcome, ordered
        self.kinds = tuple(sorted({one.kind for one in ordered}))
        befores = [None, *(one.at for one in ordered[:-1])]
        rows = [
            _features(one, kinds=self.kinds, before=before)
            for one, before in zip(ordered, befores, strict=True)
        ]
        self.rows = np.array(rows)
        self.levels = np.array([level(one, outcome) for one in ordered])
        times = [one.at for one in ordered]
        self.known = [sum(time <= one.at - SETTLING for time in times) for one in ordered]
        self._fits: dict[int, Vector] = {}
        self._errors: dict[int, float] = {}
        self._factors = [1.0]

    def fitted(self, known: int) -> Vector:
        """The weights from the first so many posts."""
        if known not in self._fits:
            self._fits[known] = _ridge(self.rows[:known], self.levels[:known])
        return self._fits[known]

    def weights(self, place: int) -> Vector:
        """Those that could be known when the post at that place was planned."""
        return self.fitted(self.known[place])

    def errors(self, known: int) -> Vector:
        """What the latest of the first so many posts had beyond what was foretold of them, oldest first."""
        import numpy as np  # noqa: PLC0415

        places = [place for place in range(max(0, known - _ERRORS), known) if self.known[place] >= _FIRST]
        return np.array([self._error(place) for place in places])

    def factor(self, known: int) -> float:
        """By how much ranges are stretched for those said of the first so many posts. Each of them was stretched by
        what had settled when it was said, so that one after the other is looked at."""
        for place in range(len(self._factors) - 1, known):
            before = self._factors[place]
            told = self.known[place] >= FEWEST_POSTS
            self._factors.append(_after(before, held=self._held(place)) if told else before)
        return self._factors[known]

    def shift(self, known: int) -> tuple[float, float, float]:
        """What a range adds to the height of a post, told from the first so many: low, middle, high."""
        low, middle, high = _shortest(self.errors(known))
        factor = self.factor(known)
        return middle - factor * (middle - low), middle, middle + factor * (high - middle)

    def _held(self, place: int) -> bool:
        post = self.posts[place]
        height = float(self.rows[place] @ self.weights(place))
        low, _, high = _whole(height, self.shift(self.known[place]), post.followers)
        return low <= post.came(self.outcome) <= high

    def _error(self, place: int) -> float:
        if place not in self._errors:
            self._errors[place] = float(self.levels[place] - self.rows[place] @ self.weights(place))
        return self._errors[place]


def _ridge(rows: Vector, levels: Vector) -> Vector:
    import numpy as np  # noqa: PLC0415

    decay = 0.5 ** (np.arange(len(rows))[::-1] / _HALF_LIFE)
    penalty = np.diag([1e-6, *[_RIDGE] * (rows.shape[1] - 1)])
    weights: Vector = decay
    found: Vector = np.zeros(rows.shape[1])
    for _ in range(_TURNS):
        weighted = rows.T * weights
        found = np.asarray(np.linalg.solve(weighted @ rows + penalty, weighted @ levels), dtype=np.float64)
        off = np.abs(levels - rows @ found)
        usual = 1.4826 * float(np.median(off)) + 1e-9
        weights = decay * np.minimum(1, _HUBER * usual / np.maximum(off, 1e-9))
    return found


def _from_many(table: _Table, known: int, weights: Vector, last: datetime | None) -> Learned:
    return Learned(
        outcome=table.outcome, known=known, kinds=table.kinds, last=last, weights=tuple(weights.tolist()),
        shift=table.shift(known), borrowed=None, widened=table.factor(known),
    )  # fmt: skip


def _shortest(errors: Vector) -> tuple[float, float, float]:
    """The shortest stretch that holds the level, and the median, of errors weighted by how new they are. One more,
    that of the post to come, is counted in, as conformal prediction does; at least 2 % lie on either side."""
    import numpy as np  # noqa: PLC0415

    weights = 0.5 ** (np.arange(len(errors))[::-1] / _ERRORS_HALF_LIFE)
    order = np.argsort(errors)
    values = errors[order]
    chances = np.cumsum(weights[order]) / (weights.sum() + 1)
    starts = np.arange(0.02, 1 - LEVEL - 0.01, 0.02)
    lows, highs = np.interp(starts, chances, values), np.interp(starts + LEVEL, chances, values)
    best = int(np.argmin(highs - lows))
    middle = float(np.interp(0.5, chances, values))
    return min(float(lows[best]), middle), middle, max(float(highs[best]), middle)


def _from_few(settled: Sequence[Past], outcome: Outcome, last: datetime | None, prior: Borrowed) -> Learned:
    """Normal-inverse-gamma: the prior counts as (within ÷ between)² posts for the level, and as four for the spread."""
    from scipy.special import stdtrit  # noqa: PLC0415

    levels = [level(one, outcome) for one in settled]
    count = len(levels)
    weight = (prior.within / prior.between) ** 2
    mean = sum(levels) / count if count else prior.middle
    middle = (weight * prior.middle + count * mean) / (weight + count)
    squares = (
        sum((one - mean) ** 2 for one in levels)
        + weight * count / (weight + count) * (mean - prior.middle) ** 2
    )
    freedom = 4 + count
    variance = (4 * prior.within**2 + squares) / freedom * (1 + 1 / (weight + count))
    reach = float(stdtrit(freedom, (1 + LEVEL) / 2)) * math.sqrt(variance)
    return Learned(
        outcome=outcome, known=count, kinds=(), last=last, weights=(), shift=(middle - reach, middle, middle + reach),
        borrowed=prior.name,
    )  # fmt: skip
