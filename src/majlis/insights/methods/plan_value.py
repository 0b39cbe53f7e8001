"""Would a plan's choices have been better than the page's own? Told from what the page did anyway.

At every post the plan is made from what had settled before: a ridge regression of log((outcome + 1) ÷ (followers + 1))
on the choices (kind, part of the day, weekday, pace), newer posts counting more, every effect drawn towards none. It
recommends the third of the page's own recent choices that promise most. A post *agreed* when its choices are among
them. Those that agreed and those that did not are compared: first as they are, then adjusted by augmented inverse
propensity weighting (Robins, Rotnitzky & Zhao 1994) for what was not the plan's choice: paid, length, the level of the
posts before, and the season. Intervals: moving blocks of seven posts are drawn anew (Künsch 1989), everything after
the plan refitted.

What it cannot do: nobody drew lots for the hours, so a reason that is in no column (a better picture kept for the
evening) remains. Only an experiment settles that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import msgspec

from majlis.insights.methods.enough import Need, NotEnough, lacking
from majlis.insights.methods.estimate import Estimate
from majlis.insights.methods.expectation import SETTLING, Outcome, Past, level

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
    Flags = NDArray[np.bool_]

FIRST: Final = 60
"""Posts before the plan says anything."""
FEWEST: Final = 20
"""Posts that must have agreed, and as many that must not."""
RECOMMENDED: Final = 1 / 3
_RECENT: Final = 60
_HALF_LIFE: Final = 100
_RIDGE: Final = 5.0
_BLOCK: Final = 7
_PARTS: Final = (0, 6, 9, 12, 15, 18, 24)
_PACES: Final = (0, 8, 20, 40, 1e9)  # hours since the post before


class Choice(StrEnum):
    """What a plan chooses."""

    KIND = "kind"
    HOUR = "hour"
    WEEKDAY = "weekday"
    PACE = "pace"
    ALL = "all"


class Verdict(StrEnum):
    """What the interval allows to say."""

    BETTER = "better"
    WORSE = "worse"
    OPEN = "open"  # the interval holds "no difference"


class PlanValue(msgspec.Struct, frozen=True, kw_only=True):
    """Posts that agreed with the plan against those that did not.

    ``mean_agreed``, ``mean_other`` and their ``difference`` are in accounts a post and not adjusted. ``ratio`` is
    adjusted: 1.1 says that the typical post of the plan came to 10 % more.
    """

    choice: Choice
    outcome: Outcome
    posts: int
    agreed: int
    mean_agreed: float
    mean_other: float
    difference: Estimate
    ratio: Estimate
    verdict: Verdict


def plan_value(
    posts: Sequence[Past],
    *,
    choice: Choice = Choice.ALL,
    outcome: Outcome = Outcome.REACH,
    draws: int = 400,
    seed: int = 0,
) -> PlanValue | NotEnough:
    """Rolling origin over the page's history."""
    import numpy as np  # noqa: PLC0415

    ordered = sorted(posts, key=lambda one: one.at)
    if len(ordered) < FIRST + 2 * FEWEST:
        return lacking(Need.POSTS, have=len(ordered), need=FIRST + 2 * FEWEST)
    levels = np.array([level(one, outcome) for one in ordered])
    known = np.array([sum(one.at <= post.at - SETTLING for one in ordered) for post in ordered])
    agreed = _agreed(ordered, levels, known, choice)[FIRST:]
    chosen, others = int(agreed.sum()), int((~agreed).sum())
    if min(chosen, others) < FEWEST:
        have, need = len(ordered), FIRST + FEWEST * len(agreed) // max(1, min(chosen, others))
        return lacking(Need.POSTS, have=have, need=max(need, have + 1))
    came = np.array([one.came(outcome) for one in ordered[FIRST:]], dtype=np.float64)
    about = _circumstances(ordered, levels, known)[FIRST:]
    raw, adjusted = _compared(came, levels[FIRST:], agreed, about, draws=draws, seed=seed)
    ratio = Estimate(*np.exp([adjusted.value, adjusted.low, adjusted.high]).tolist())
    verdict = Verdict.BETTER if ratio.low > 1 else Verdict.WORSE if ratio.high < 1 else Verdict.OPEN
    return PlanValue(
        choice=choice, outcome=outcome, posts=len(agreed), agreed=chosen, mean_agreed=float(came[agreed].mean()),
        mean_other=float(came[~agreed].mean()), difference=raw, ratio=ratio, verdict=verdict,
    )  # fmt: skip


def _agreed(ordered: Sequence[Past], levels: Vector, known: NDArray[np.int64], choice: Choice) -> Flags:
    """Which posts the plan of their moment would have recommended; False before there is a plan."""
    import numpy as np  # noqa: PLC0415

    rows, columns = _choices(ordered)
    wanted = np.array([choice in (Choice.ALL, column) for column in columns])
    nuisance = np.array([[1.0, float(one.paid), _long(one)] for one in ordered])
    table = np.hstack([nuisance, rows])
    agreed = np.zeros(len(ordered), dtype=bool)
    for place in range(FIRST, len(ordered)):
        before = int(known[place])
        if before < FIRST // 2:
            continue
        effects = _effects(table[:before], levels[:before])[nuisance.shape[1] :] * wanted
        recent = rows[max(0, before - _RECENT) : before] @ effects
        bar = float(np.quantile(recent, 1 - RECOMMENDED, method="higher"))
        # where many promise the same, the bar itself is no recommendation unless it is above the middle
        agreed[place] = rows[place] @ effects >= max(bar, float(np.median(recent)) + 1e-9)
    return agreed


def _choices(ordered: Sequence[Past]) -> tuple[Vector, list[Choice]]:
    """A column for every level of every choice."""
    import numpy as np  # noqa: PLC0415

    kinds = sorted({one.kind for one in ordered})
    befores = [ordered[0].at - timedelta(days=1), *(one.at for one in ordered[:-1])]
    waits = [(one.at - before) / timedelta(hours=1) for one, before in zip(ordered, befores, strict=True)]
    rows = [
        [
            *(one.kind == kind for kind in kinds),
            *(start <= one.at.hour < end for start, end in pairwise(_PARTS)),
            *(one.at.weekday() == day for day in range(7)),
            *(start <= wait < end for start, end in pairwise(_PACES)),
        ]
        for one, wait in zip(ordered, waits, strict=True)
    ]
    columns = [Choice.KIND] * len(kinds) + [Choice.HOUR] * (len(_PARTS) - 1)
    columns += [Choice.WEEKDAY] * 7 + [Choice.PACE] * (len(_PACES) - 1)
    return np.array(rows, dtype=np.float64), columns


def _long(post: Past) -> float:
    import numpy as np  # noqa: PLC0415

    return float(np.log1p(post.length) - 5) / 2


def _effects(rows: Vector, levels: Vector) -> Vector:
    import numpy as np  # noqa: PLC0415

    weights = 0.5 ** (np.arange(len(rows))[::-1] / _HALF_LIFE)
    penalty = np.diag([1e-6, *[_RIDGE] * (rows.shape[1] - 1)])
    # a few boosted posts must not make an hour: what is far from the middle counts as far as three spreads
    middle = np.median(levels)
    spread = 1.4826 * np.median(np.abs(levels - middle)) + 1e-9
    held = np.clip(levels, middle - 3 * spread, middle + 3 * spread)
    return np.linalg.solve((rows.T * weights) @ rows + penalty, (rows.T * weights) @ held)


def _circumstances(ordered: Sequence[Past], levels: Vector, known: NDArray[np.int64]) -> Vector:
    """What else differs between posts and was known before: 1, paid, length, two levels of the past, season."""
    import numpy as np  # noqa: PLC0415

    season = np.linspace(-1, 1, len(ordered))
    rows = []
    for place, post in enumerate(ordered):
        before = levels[: known[place]]
        long = float(np.median(before[-20:])) if len(before) else 0.0
        short = float(np.median(before[-5:])) if len(before) else 0.0
        now = season[place]
        rows.append([1.0, float(post.paid), _long(post), long, short - long, now, now**2])
    return np.array(rows)


def _compared(
    came: Vector, levels: Vector, agreed: Flags, about: Vector, *, draws: int, seed: int
) -> tuple[Estimate, Estimate]:
    """The plain difference of means, and the adjusted difference of levels, with intervals."""
    import numpy as np  # noqa: PLC0415

    def both(rows: NDArray[np.int64]) -> tuple[float, float]:
        yes = agreed[rows]
        plain = float(came[rows][yes].mean() - came[rows][~yes].mean())
        return plain, _adjusted(levels[rows], yes, about[rows])

    value = both(np.arange(len(came)))
    random = np.random.default_rng(seed)
    size = len(came)
    found = []
    for _ in range(draws):
        starts = random.integers(0, size, size=-(-size // _BLOCK))
        rows = ((starts[:, None] + np.arange(_BLOCK)) % size).ravel()[:size]
        if 0 < agreed[rows].sum() < size:
            found.append(both(rows))
    low, high = np.quantile(np.array(found), [0.025, 0.975], axis=0)
    return Estimate(value[0], float(low[0]), float(high[0])), Estimate(
        value[1], float(low[1]), float(high[1])
    )


def _adjusted(levels: Vector, agreed: Flags, about: Vector) -> float:
    """Augmented inverse propensity weighting; chances are kept between 0.05 and 0.95."""
    import numpy as np  # noqa: PLC0415

    yes = agreed.astype(np.float64)
    chance = np.clip(_chance(about, yes), 0.05, 0.95)
    if_agreed = about @ _linear(about[agreed], levels[agreed])
    if_not = about @ _linear(about[~agreed], levels[~agreed])
    each = (
        if_agreed
        - if_not
        + yes * (levels - if_agreed) / chance
        - (1 - yes) * (levels - if_not) / (1 - chance)
    )
    return float(each.mean())


def _linear(rows: Vector, values: Vector) -> Vector:
    import numpy as np  # noqa: PLC0415

    penalty = np.diag([1e-6, *[1.0] * (rows.shape[1] - 1)])
    return np.linalg.solve(rows.T @ rows + penalty, rows.T @ values)


def _chance(rows: Vector, yes: Vector) -> Vector:
    """Logistic regression with a ridge, by Newton's steps."""
    import numpy as np  # noqa: PLC0415
    from scipy.special import expit  # noqa: PLC0415

    penalty = np.array([1e-6, *[1.0] * (rows.shape[1] - 1)])
    weights = np.zeros(rows.shape[1])
    for _ in range(8):
        chance = expit(rows @ weights)
        slope = rows.T @ (yes - chance) - penalty * weights
        weights = weights + np.linalg.solve(
            (rows.T * (chance * (1 - chance))) @ rows + np.diag(penalty), slope
        )
    return expit(rows @ weights)  # type: ignore[no-any-return]
