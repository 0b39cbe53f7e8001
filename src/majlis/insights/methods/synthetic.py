"""What a treated place would have done: a synthetic control made of places that were left alone.

Fixed effects and non-negative weights that add up to one, as GeoLift fits it (augsynth with ``progfunc = "none"``,
``fixedeff = TRUE``): each place is told as the distance from its own mean before; the weights make the treated
place's distances out of the others' as closely as can be; what is left afterwards is the effect. Weighted means of
other places cannot leave the range of what was seen, and a place that is simply larger is no hindrance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

FEWEST_BEFORE: Final = 10
"""Times before, of which fewer tell nothing of how well the others follow."""
_DRAWS: Final = 2000
_SEED: Final = 1
_STRICT: Final = 1e4
"""How much more the sum of weights counts than any fit."""


class Synthetic(msgspec.Struct, frozen=True, kw_only=True):
    """The effect on the treated places together. ``incremental`` is of all their times; ``lift``: of what would
    have been; ``per_time``: of one place at one time. ``imbalance``: how far the control is from the treated before,
    as a part of how far an unweighted mean is (0: follows exactly; 1: no better)."""

    weights: tuple[float, ...]
    per_time: float
    incremental: float
    lift: float | None
    interval: tuple[float, float] | None
    p: float
    p_independent: float
    l2: float
    imbalance: float


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """Plain difference in differences: right only where all would have moved alike."""

    per_time: float
    incremental: float
    lift: float | None


def _checked(
    treated: Sequence[Sequence[float]], donors: Sequence[Sequence[float]], before: int
) -> tuple[Array, Array]:
    import numpy as np  # noqa: PLC0415

    y, others = np.asarray(treated, float), np.asarray(donors, float)
    if (
        y.ndim != 2
        or others.ndim != 2
        or y.shape[1] != others.shape[1]
        or not y.shape[0]
        or not others.shape[0]
    ):
        raise ValueError("treated and donors are rows of one length, and there is one of each at least")
    if not (np.isfinite(y).all() and np.isfinite(others).all()):
        raise ValueError("every place has a finite number at every time")
    if not FEWEST_BEFORE <= before < y.shape[1]:
        raise ValueError(f"there are {FEWEST_BEFORE} times before at least, and one after")
    return y.mean(axis=0), others


def difference_in_differences(
    treated: Sequence[Sequence[float]], donors: Sequence[Sequence[float]], *, before: int
) -> Differences:
    """(treated after − before) − (the others' after − before), means of places and times. Arguments and errors: see
    :func:`synthetic_control`."""
    y, others = _checked(treated, donors, before)
    rest = others.mean(axis=0)
    effect = float((y[before:].mean() - y[:before].mean()) - (rest[before:].mean() - rest[:before].mean()))
    without = float(y[before:].mean()) - effect
    return Differences(
        per_time=effect,
        incremental=effect * len(treated) * (y.size - before),
        lift=effect / without if without else None,
    )


def simplex_weights(target: Array, donors: Array) -> Array:
    """Weights w ≥ 0, Σw = 1, least ‖target − w · donors‖². ``target``: times; ``donors``: places × times.

    Non-negative least squares (Lawson & Hanson 1974, chapter 23) with the sum as one more equation that counts
    10⁴ times as much, and then made to add up exactly. Of donors that are one and the same, any may get the weight.
    """
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import nnls  # noqa: PLC0415  # 25 MB that only this needs

    scale = float(max(np.abs(donors).max(), np.abs(target).max())) or 1.0
    rows = np.vstack([donors.T / scale, np.full(donors.shape[0], _STRICT)])
    weights, _ = nnls(rows, np.append(target / scale, _STRICT))
    return np.asarray(weights / weights.sum(), float)


def _gap(y: Array, others: Array, fitted: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[Array, Array]:
    """Weights, and the treated minus its control at all times, fitted at those where ``fitted``."""
    level, levels = y[fitted].mean(), others[:, fitted].mean(axis=1, keepdims=True)
    moved, moves = y - level, others - levels
    weights = simplex_weights(moved[fitted], moves[:, fitted])
    return weights, moved - weights @ moves


def synthetic_control(
    treated: Sequence[Sequence[float]],
    donors: Sequence[Sequence[float]],
    *,
    before: int,
    confidence: float = 0.9,
) -> Synthetic:
    """Effect on the treated places, against a weighted mean of the donors.

    ``treated``, ``donors``: rows of places, columns of times; the first ``before`` columns are before. Estimate:
    Abadie, Diamond & Hainmueller 2010 with fixed effects (Doudchenko & Imbens 2016; Ben-Michael, Feller & Rothstein
    2021). p and interval: conformal (Chernozhukov, Wüthrich & Zhu 2021, JASA 116, 1849–1864): what is supposed to be
    the effect is taken off, all times are fitted, and the residuals after are compared with those of every block of
    as many times in a row; so p is never below 1 ÷ times. p is of "nothing happened at any time", by the mean size of
    residuals; the interval (``confidence``, 0.9) is of the mean effect, all that is not refused by the size of the mean
    residual: an effect that is larger on some days widens it. ``p_independent`` draws times one by one (2,000 times,
    always the same draw), as augsynth does: smaller, and right only where days do not resemble the day before.
    Raises ValueError for rows of different length, numbers that are none, or fewer than ten times before.
    """
    import numpy as np  # noqa: PLC0415

    y, others = _checked(treated, donors, before)
    fitted = np.arange(y.size) < before
    weights, gap = _gap(y, others, fitted)
    effect = float(gap[before:].mean())
    without = float(y[before:].mean()) - effect
    each = len(treated) * (y.size - before)
    l2 = float(np.linalg.norm(gap[:before]))
    plain = y - y[:before].mean() - (others - others[:, :before].mean(axis=1, keepdims=True)).mean(axis=0)
    naive = float(np.linalg.norm(plain[:before]))
    ends = _conformal(y, others, before, effect, 1 - confidence)
    return Synthetic(
        weights=tuple(map(float, weights)),
        per_time=effect,
        incremental=effect * each,
        lift=effect / without if without else None,
        interval=None if ends is None else (ends[0] * each, ends[1] * each),
        p=_nothing_happened(y, others, before),
        p_independent=_refused_independent(y, others, before),
        l2=l2,
        imbalance=l2 / naive if naive else 0.0,
    )


def jackknife_interval(
    treated: Sequence[Sequence[float]],
    donors: Sequence[Sequence[float]],
    *,
    before: int,
    confidence: float = 0.9,
) -> tuple[float, float]:
    """GeoLift's interval of the incremental total, for comparing with it: each time before is left out, the weights
    are fitted without it, and the mean afterwards is taken ± how far that time was missed; the quantiles of these ends
    make the interval (jackknife+, Barber et al. 2021, Annals of Statistics 49, 486–507).

    What one day may be missed by is taken for what a mean of many days may be: it is wider than it has to be.
    Arguments and errors: see :func:`synthetic_control`.
    """
    import numpy as np  # noqa: PLC0415

    y, others = _checked(treated, donors, before)
    means, missed = [], []
    for left_out in range(before):
        fitted = (np.arange(y.size) < before) & (np.arange(y.size) != left_out)
        _, gap = _gap(y, others, fitted)
        means.append(gap[before:].mean())
        missed.append(abs(gap[left_out]))
    each = len(treated) * (y.size - before)
    beside = (1 - confidence) / 2
    low = np.quantile(np.subtract(means, missed), beside)
    return float(low) * each, float(np.quantile(np.add(means, missed), 1 - beside)) * each


def _residuals(y: Array, others: Array, before: int, effect: float) -> Array:
    """The treated minus its control at all times, when this much is taken off after, and all are fitted."""
    import numpy as np  # noqa: PLC0415

    without = y.copy()
    without[before:] -= effect
    return _gap(without, others, np.ones(y.size, bool))[1]


def _blocks(residuals: Array, before: int) -> Array:
    """Sums over every cyclic block of as many times as there are after."""
    import numpy as np  # noqa: PLC0415

    length = residuals.size - before
    sums = np.cumsum(np.concatenate([[0.0], residuals, residuals[: length - 1]]))
    return np.asarray(sums[length:] - sums[:-length], float)


def _nothing_happened(y: Array, others: Array, before: int) -> float:
    """The part of blocks whose residuals are as large, whichever way, as those after."""
    blocks = _blocks(abs(_residuals(y, others, before, 0.0)), before)
    return float((blocks >= blocks[before] - _near(y)).mean())


def _refused(y: Array, others: Array, before: int, effect: float) -> float:
    """p of a mean effect: the part of blocks whose mean residual is as far from nothing."""
    blocks = abs(_blocks(_residuals(y, others, before, effect), before))
    return float((blocks >= blocks[before] - _near(y)).mean())


def _refused_independent(y: Array, others: Array, before: int) -> float:
    """p of no effect, were times exchangeable one by one. The draw itself counts as one (Phipson & Smyth 2010)."""
    import numpy as np  # noqa: PLC0415

    sizes = abs(_residuals(y, others, before, 0.0))
    chance = np.random.default_rng(_SEED)
    drawn = chance.permuted(np.tile(sizes, (_DRAWS, 1)), axis=1)[:, before:].sum(axis=1)
    return float((1 + (drawn >= sizes[before:].sum() - _near(y)).sum()) / (1 + _DRAWS))


def _near(y: Array) -> float:
    """Below this, two sums are the same."""
    return 1e-9 * max(1.0, float(abs(y).max())) * y.size


def _conformal(
    y: Array, others: Array, before: int, effect: float, alpha: float
) -> tuple[float, float] | None:
    """The least and the largest effect that are not refused; None when one side has no end in sight (the fit is
    too free, or the times too few, for any to be refused)."""
    ends = []
    for side in (-1.0, 1.0):
        step = (abs(effect) or 1.0) / 2
        while _refused(y, others, before, effect + side * step) > alpha:
            step *= 2
            if step > 1e6 * (abs(effect) or 1.0) or not math.isfinite(step):
                return None
        inside = 0.0
        for _ in range(12):
            middle = (inside + step) / 2
            if _refused(y, others, before, effect + side * middle) > alpha:
                inside = middle
            else:
                step = middle
        ends.append(effect + side * step)
    return ends[0], ends[1]
