"""What a customer is still worth: how often she will come (BG/NBD), what she spends (Gamma-Gamma), with intervals.

Sources: Fader, Hardie & Lee 2005, "Counting your customers the easy way", Marketing Science 24 (BG/NBD, equations
6, 9 and 10); Fader & Hardie 2013, "The Gamma-Gamma model of monetary value" (equations 1a and 5). Intervals: the
parameters are drawn from the normal law of their logarithms whose covariance is the inverse of the observed
information, and for each draw every customer's future is played once; so they cover what will happen, not only
what is expected. Where the information cannot be inverted, the customers are drawn anew and fitted instead.

Invariant: money is above nothing, and recency never beyond age; ``Customer`` refuses the rest.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from majlis.insights.methods.enough import Need, NotEnough, lacking
from majlis.insights.methods.estimate import Estimate
from majlis.insights.methods.orders import Purchase, histories

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

FEWEST_CUSTOMERS: Final = 100
FEWEST_RETURNING: Final = 30
"""Below these the likelihood is too flat: docs/metrics.md has the simulation."""
DRAWS: Final = 400
ANEW: Final = 60
"""Refits where customers are drawn anew."""
LEVEL: Final = 0.95
WEEK: Final = timedelta(days=7)
INDEPENDENT_BELOW: Final = 0.3
"""Spearman's correlation of frequency and money up to which the two may be modelled apart (CDNOW: 0.11 by Pearson)."""
_NARROW, _WIDE = -9.0, 12.0  # bounds of the logarithms of parameters


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """What the models know of a customer, times in one unit (here weeks).

    ``frequency``: repeat purchases; ``recency``: from the first to the last purchase; ``age``: from the first one to
    now; ``money``: mean of her repeat purchases, None without any. Raises ValueError on what cannot be.
    """

    frequency: int
    recency: float
    age: float
    money: float | None = None

    def __post_init__(self) -> None:
        if self.frequency < 0 or not 0 <= self.recency <= self.age < math.inf:
            raise ValueError(
                "A customer's times must hold: nothing below zero, her last purchase not after now."
            )
        if (self.frequency == 0) != (self.recency == 0):
            raise ValueError("Who came back has time between her purchases, and who did not has none.")
        if self.money is not None and not 0 < self.money < math.inf:
            raise ValueError("What a customer spends must be more than nothing.")


class Purchasing(msgspec.Struct, frozen=True, kw_only=True):
    """A fitted BG/NBD: purchase rates are gamma(r, alpha), the chance to leave after a purchase is beta(a, b).

    ``drawn``: draws of (r, alpha, a, b) from their uncertainty; ``drawn_by`` says how. ``log_likelihood`` is of the
    times in their unit."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    customers: int
    drawn: tuple[tuple[float, float, float, float], ...] = ()
    drawn_by: str = ""


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    """A fitted Gamma-Gamma: a purchase is gamma(p, nu), nu differs between customers as gamma(q, gamma).

    ``correlation`` is Spearman's of frequency and money, ``pearson`` the one that is published for CDNOW;
    ``independent``: whether the model's first assumption may stand."""

    p: float
    q: float
    gamma: float
    customers: int
    correlation: float
    pearson: float
    independent: bool
    drawn: tuple[tuple[float, float, float], ...] = ()
    drawn_by: str = ""

    @property
    def mean(self) -> float | None:
        """What a purchase of anybody brings; None where the tail is so heavy that there is no mean (q ≤ 1)."""
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else None


class Lifetime(msgspec.Struct, frozen=True, kw_only=True):
    """What customers bring over a horizon, in money after margin and discount; ``purchases`` undiscounted.

    ``each`` is in the order of the customers. The range of one customer is wide, since she mostly comes or does not.
    """

    total: Estimate
    purchases: Estimate
    each: tuple[Estimate, ...]
    drawn_by: str
    independent: bool


def summarise(purchases: Iterable[Purchase], *, at: datetime, unit: timedelta = WEEK) -> list[Customer]:
    """Customers out of orders, by name. Purchases on one day are one; what was given back does not count."""
    return [_summary(_by_day(history.purchases), at.date(), unit) for history in histories(purchases, at=at)]


def _by_day(purchases: Sequence[Purchase]) -> dict[date, float]:
    days: dict[date, float] = {}
    for one in purchases:
        days[one.at.date()] = days.get(one.at.date(), 0.0) + float(one.net)
    return days


def _summary(days: dict[date, float], today: date, unit: timedelta) -> Customer:
    first, *again = sorted(days)
    return Customer(
        frequency=len(again),
        recency=(again[-1] - first) / unit if again else 0.0,
        age=(today - first) / unit,
        money=sum(days[day] for day in again) / len(again) if again else None,
    )


def enough(customers: Sequence[Customer]) -> NotEnough | None:
    """None when the models can be fitted; otherwise what is missing and about how many customers more."""
    seen = [one for one in customers if one.age > 0]
    returning = sum(one.frequency > 0 for one in seen)
    if returning < FEWEST_RETURNING:
        share = returning / len(seen) if seen else None
        return lacking(Need.RETURNING, have=returning, need=FEWEST_RETURNING, share=share)
    if len(seen) < FEWEST_CUSTOMERS:
        return lacking(Need.CUSTOMERS, have=len(seen), need=FEWEST_CUSTOMERS)
    return None


# --- how often


def log_likelihood(
    frequency: Vector, recency: Vector, age: Vector, *, r: float, alpha: float, a: float, b: float
) -> Vector:
    """Of each customer (Fader, Hardie & Lee 2005, equation 6), computed by logarithms."""
    value, _ = _purchasing_terms(frequency, recency, age, (r, alpha, a, b))
    return value


def _purchasing_terms(
    x: Vector, recency: Vector, age: Vector, parameters: tuple[float, float, float, float]
) -> tuple[Vector, tuple[Vector, Vector, Vector, Vector]]:
    """The log-likelihood of each and its derivatives by r, alpha, a, b."""
    import numpy as np  # noqa: PLC0415
    from scipy.special import betaln, gammaln, psi  # noqa: PLC0415

    r, alpha, a, b = parameters
    again = x > 0
    before = b + np.maximum(x, 1) - 1
    stayed = -(r + x) * np.log(alpha + age)
    left = np.where(again, math.log(a) - np.log(before) - (r + x) * np.log(alpha + recency), -np.inf)
    both = np.logaddexp(stayed, left)
    value = gammaln(r + x) - gammaln(r) + r * math.log(alpha) + betaln(a, b + x) - betaln(a, b) + both
    gone = np.exp(left - both)
    alive = 1 - gone
    by_r = psi(r + x) - psi(r) + math.log(alpha)
    by_r -= alive * np.log(alpha + age) + gone * np.log(alpha + recency)
    by_alpha = r / alpha - (r + x) * (alive / (alpha + age) + gone / (alpha + recency))
    by_a = psi(a + b) - psi(a + b + x) + gone / a
    by_b = psi(a + b) - psi(a + b + x) + psi(b + x) - psi(b) - gone / before
    return value, (by_r, by_alpha, by_a, by_b)


def fit_bgnbd(customers: Sequence[Customer], *, draws: int = DRAWS, seed: int = 0) -> Purchasing | NotEnough:
    """By maximum likelihood. Who first bought today (age 0) tells nothing yet and is left out."""
    import numpy as np  # noqa: PLC0415

    missing = enough(customers)
    if missing:
        return missing
    seen = [one for one in customers if one.age > 0]
    facts = np.array([(one.frequency, one.recency, one.age) for one in seen], dtype=np.float64)
    unit = float(np.mean(facts[:, 2]))
    rows, weights = np.unique(facts / (1, unit, unit), axis=0, return_counts=True)

    def loss(logs: Vector, weight: Vector) -> tuple[float, Vector]:
        parameters = np.exp(logs)
        r, alpha, a, b = parameters.tolist()
        value, slopes = _purchasing_terms(rows[:, 0], rows[:, 1], rows[:, 2], (r, alpha, a, b))
        return -float(weight @ value), -np.array([weight @ slope for slope in slopes]) * parameters

    start = np.log([0.5, 0.5, 0.8, 2.0])
    best = _least(functools.partial(loss, weight=weights.astype(np.float64)), start)
    drawn, by = _uncertainty(loss, best, weights, draws=draws, seed=seed)
    scale = np.array([1, unit, 1, 1])
    r, alpha, a, b = (np.exp(best) * scale).tolist()
    value, _ = _purchasing_terms(facts[:, 0], facts[:, 1], facts[:, 2], (r, alpha, a, b))
    return Purchasing(
        r=r, alpha=alpha, a=a, b=b, log_likelihood=float(value.sum()), customers=len(seen),
        drawn=tuple(map(tuple, (np.exp(drawn) * scale).tolist())), drawn_by=by,
    )  # fmt: skip


Loss = Callable[..., tuple[float, Any]]


def _least(loss: Loss, start: Vector, *, turns: int = 1_000, precision: float = 1e-13) -> Vector:
    from scipy.optimize import minimize  # noqa: PLC0415

    bounds = [(_NARROW, _WIDE)] * len(start)
    options = {"maxiter": turns, "ftol": precision, "gtol": 1e-9}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return found.x  # type: ignore[no-any-return]


def _uncertainty(
    loss: Loss, best: Vector, weights: NDArray[np.int64], *, draws: int, seed: int
) -> tuple[Vector, str]:
    """Draws of the logarithms of parameters, and how they were drawn."""
    import numpy as np  # noqa: PLC0415

    random = np.random.default_rng(seed)
    covariance = _inverse_information(functools.partial(loss, weight=weights.astype(np.float64)), best)
    if covariance is not None:
        drawn = random.multivariate_normal(best, covariance, size=draws, method="cholesky")
        return np.clip(drawn, _NARROW, _WIDE), "observed information"
    people = int(weights.sum())
    anew = []
    for _ in range(min(draws, ANEW)):
        weight = random.multinomial(people, weights / people).astype(np.float64)
        anew.append(_least(functools.partial(loss, weight=weight), best, turns=60, precision=1e-9))
    # each is played several times, so that chance within the models is not left to few
    return np.resize(np.array(anew), (draws, len(best))), "customers drawn anew"


def _inverse_information(loss: Loss, best: Vector) -> Vector | None:
    """None where a parameter stands at its bound or the likelihood is as good as flat (a standard error over 1.5
    on the logarithm, a factor of 20 up and down: then it is not normal either)."""
    import numpy as np  # noqa: PLC0415

    if np.any(best < _NARROW + 0.1) or np.any(best > _WIDE - 0.1):
        return None
    step = 1e-4
    rows = [
        (loss(best + step * way)[1] - loss(best - step * way)[1]) / (2 * step) for way in np.eye(len(best))
    ]
    information = (np.array(rows) + np.array(rows).T) / 2
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return None
    covariance = np.linalg.inv(information)
    return covariance if np.all(np.diag(covariance) < 1.5**2) else None


def alive(model: Purchasing, customer: Customer) -> float:
    """The chance that she is still a customer (after equation 10's denominator). Of one who never came back the
    model cannot say that she left: it is 1."""
    return float(_alive(_parameters(model), *_columns([customer]))[0])


def expected_purchases(model: Purchasing, customer: Customer, *, within: float) -> float:
    """How often she will buy within so many units of time (equation 10)."""
    return float(_expected(_parameters(model), *_columns([customer]), within)[0])


def expected_of_new(model: Purchasing, *, within: float) -> float:
    """How often a customer comes back within so many units after her first purchase (equation 9)."""
    return expected_purchases(model, Customer(frequency=0, recency=0, age=0), within=within)


def _parameters(model: Purchasing) -> tuple[float, float, float, float]:
    return model.r, model.alpha, model.a, model.b


def _columns(customers: Sequence[Customer]) -> tuple[Vector, Vector, Vector]:
    import numpy as np  # noqa: PLC0415

    table = np.array([(one.frequency, one.recency, one.age) for one in customers], dtype=np.float64)
    columns = table.reshape(-1, 3).T
    return columns[0], columns[1], columns[2]


def _alive(parameters: tuple[float, float, float, float], x: Vector, recency: Vector, age: Vector) -> Vector:
    import numpy as np  # noqa: PLC0415
    from scipy.special import expit  # noqa: PLC0415

    r, alpha, a, b = parameters
    gone = (
        math.log(a) - np.log(b + np.maximum(x, 1) - 1) + (r + x) * np.log((alpha + age) / (alpha + recency))
    )
    return np.where(x > 0, expit(-gone), 1.0)


def _expected(
    parameters: tuple[float, float, float, float], x: Vector, recency: Vector, age: Vector, within: float
) -> Vector:
    import numpy as np  # noqa: PLC0415
    from scipy.special import hyp2f1  # noqa: PLC0415

    r, alpha, a, b = parameters
    most = (r + x) * within / (alpha + age)  # if nobody ever left
    with np.errstate(all="ignore"):
        shrunk = ((alpha + age) / (alpha + age + within)) ** (r + x)
        series = hyp2f1(r + x, b + x, a + b + x - 1, within / (alpha + age + within))
        found = (a + b + x - 1) / (a - 1) * (1 - shrunk * series) if a != 1 else np.full_like(x, np.nan)
    # near a = 1 both factors vanish, and for large parameters the series loses its digits
    unsure = ~np.isfinite(found) | (found < 0) | (found > most) | (abs(a - 1) < 1e-3) | (max(a, b) > 100)
    if np.any(unsure):
        found[unsure] = _expected_by_quadrature(parameters, x[unsure], age[unsure], within)
    return found * _alive(parameters, x, recency, age)


def _expected_by_quadrature(
    parameters: tuple[float, float, float, float], x: Vector, age: Vector, within: float
) -> Vector:
    """The same for who is alive: the mean over beta(a, b + x) of (1 − (1 + p·within ÷ (α + age))^−(r + x)) ÷ p."""
    import numpy as np  # noqa: PLC0415
    from scipy.special import betaincinv  # noqa: PLC0415

    r, alpha, a, b = parameters
    nodes, weights = np.polynomial.legendre.leggauss(48)
    chance = np.maximum(betaincinv(a, b + x[:, None], (nodes + 1) / 2), 1e-12)
    inside = -np.expm1(-(r + x[:, None]) * np.log1p(chance * within / (alpha + age[:, None]))) / chance
    return inside @ weights / 2  # type: ignore[no-any-return]


# --- how much


def fit_gamma_gamma(
    customers: Sequence[Customer], *, draws: int = DRAWS, seed: int = 0
) -> Spending | NotEnough:
    """By maximum likelihood, from those who came back and whose money is known."""
    import numpy as np  # noqa: PLC0415

    spent = [one for one in customers if one.frequency > 0 and one.money is not None]
    if len(spent) < FEWEST_RETURNING:
        share = len(spent) / len(customers) if customers else None
        return lacking(Need.RETURNING, have=len(spent), need=FEWEST_RETURNING, share=share)
    facts = np.array([(one.frequency, one.money) for one in spent], dtype=np.float64)
    unit = float(np.median(facts[:, 1]))
    rows, weights = np.unique(facts / (1, unit), axis=0, return_counts=True)

    def loss(logs: Vector, weight: Vector) -> tuple[float, Vector]:
        parameters = np.exp(logs)
        p, q, gamma = parameters.tolist()
        value, slopes = _spending_terms(rows[:, 0], rows[:, 1], (p, q, gamma))
        return -float(weight @ value), -np.array([weight @ slope for slope in slopes]) * parameters

    best = _least(functools.partial(loss, weight=weights.astype(np.float64)), np.log([2.0, 2.5, 2.0]))
    drawn, by = _uncertainty(loss, best, weights, draws=draws, seed=seed)
    scale = np.array([1, 1, unit])
    p, q, gamma = (np.exp(best) * scale).tolist()
    correlation, pearson = _correlations(facts)
    return Spending(
        p=p, q=q, gamma=gamma, customers=len(spent), correlation=correlation, pearson=pearson,
        independent=abs(correlation) < INDEPENDENT_BELOW,
        drawn=tuple(map(tuple, (np.exp(drawn) * scale).tolist())), drawn_by=by,
    )  # fmt: skip


def _spending_terms(
    x: Vector, money: Vector, parameters: tuple[float, float, float]
) -> tuple[Vector, tuple[Vector, Vector, Vector]]:
    """The log-likelihood of each (Fader & Hardie 2013, equation 1a) and its derivatives by p, q, gamma."""
    import numpy as np  # noqa: PLC0415
    from scipy.special import gammaln, psi  # noqa: PLC0415

    p, q, gamma = parameters
    whole = gamma + x * money
    value = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * math.log(gamma) - np.log(money)
    value += p * x * np.log(x * money) - (p * x + q) * np.log(whole)
    by_p = x * (psi(p * x + q) - psi(p * x) + np.log(x * money) - np.log(whole))
    by_q = psi(p * x + q) - psi(q) + math.log(gamma) - np.log(whole)
    by_gamma = q / gamma - (p * x + q) / whole
    return value, (by_p, by_q, by_gamma)


def _correlations(facts: Vector) -> tuple[float, float]:
    """Spearman's and Pearson's; 0 where either does not vary."""
    import numpy as np  # noqa: PLC0415
    from scipy.stats import rankdata  # noqa: PLC0415

    if np.any(np.ptp(facts, axis=0) == 0):
        return 0.0, 0.0
    columns, ranks = facts.T, rankdata(facts, axis=0).T
    return _correlation(columns=ranks), _correlation(columns=columns)


def _correlation(*, columns: Vector) -> float:
    import numpy as np  # noqa: PLC0415

    table = np.asarray(np.corrcoef(columns))
    return float(table[0, 1])


def expected_money(model: Spending, customer: Customer) -> float | None:
    """What a purchase of hers is expected to bring (equation 5): her own mean, drawn towards that of all. None
    where neither she nor the model has a mean."""
    x = customer.frequency if customer.money is not None else 0
    below = model.p * x + model.q - 1
    return model.p * (model.gamma + x * (customer.money or 0.0)) / below if below > 0 else None


# --- together


def ltv(
    purchasing: Purchasing,
    spending: Spending,
    customers: Sequence[Customer],
    *,
    within: float,
    margin: float = 1.0,
    discount: float = 0.0,
    seed: int = 0,
) -> Lifetime | NotEnough:
    """What these customers will still bring within so many units of time, beyond what they have.

    ``margin``: what is left of a sale, 0 to 1; ``discount``: of money by one unit of time later. Each of up to 24
    slices of the horizon is discounted to its middle. Raises ValueError where these make no sense.
    """
    import numpy as np  # noqa: PLC0415

    if not (0 < within < math.inf and 0 <= margin <= 1 and 0 <= discount < math.inf):
        raise ValueError(
            "A horizon is longer than nothing, a margin between 0 and 1, a discount not below nothing."
        )
    money = [expected_money(spending, one) for one in customers]
    if any(one is None for one in money):
        need = 2 * max(spending.customers, FEWEST_RETURNING)
        return lacking(Need.RETURNING, have=spending.customers, need=need, share=None)
    each = np.array(money, dtype=np.float64)
    often, discounted = _discounted(_parameters(purchasing), _columns(customers), within, discount)
    worth = margin * each * discounted
    counted, brought = _played(purchasing, spending, customers, within=within, seed=seed)
    kept = margin * np.divide(discounted, often, out=np.ones_like(often), where=often > 0)
    return Lifetime(
        total=_estimate(worth.sum(), (brought * kept).sum(axis=1)),
        purchases=_estimate(often.sum(), counted.sum(axis=1)),
        each=tuple(map(_estimate, worth, (brought * kept).T)),
        drawn_by=purchasing.drawn_by,
        independent=spending.independent,
    )


def _discounted(
    parameters: tuple[float, float, float, float],
    columns: tuple[Vector, Vector, Vector],
    within: float,
    discount: float,
) -> tuple[Vector, Vector]:
    """Purchases of each within the horizon, and the same with those to come later worth less."""
    import numpy as np  # noqa: PLC0415

    ends = np.linspace(0, within, (24 if discount else 1) + 1)
    so_far = [np.zeros(len(columns[0])), *(_expected(parameters, *columns, end) for end in ends[1:].tolist())]
    factors = (1 + discount) ** -((ends[1:] + ends[:-1]) / 2)
    return so_far[-1], np.diff(np.array(so_far), axis=0).T @ factors


def _played(
    purchasing: Purchasing, spending: Spending, customers: Sequence[Customer], *, within: float, seed: int
) -> tuple[Vector, Vector]:
    """Purchases and money of every customer, once for each draw of the parameters: two tables, draws × customers."""
    import numpy as np  # noqa: PLC0415

    random = np.random.default_rng(seed)
    x, recency, age = _columns(customers)
    known = np.array([one.frequency if one.money is not None else 0 for one in customers], dtype=np.float64)
    money = np.array([one.money or 0.0 for one in customers])
    pairs = zip(
        purchasing.drawn or (_parameters(purchasing),),
        random.permutation(spending.drawn or [(spending.p, spending.q, spending.gamma)]),
        strict=False,
    )
    counts, sums = [], []
    for (r, alpha, a, b), (p, q, gamma) in pairs:
        stays = random.random(len(x)) < _alive((r, alpha, a, b), x, recency, age)
        would = random.poisson(random.gamma(r + x, within / (alpha + age)))
        # purchases until she leaves are geometric; a chance that underflows never ends it
        leaves = random.geometric(np.maximum(random.beta(a, b + x), 1e-12))
        came = np.where(stays, np.minimum(would, leaves), 0)
        rate = random.gamma(q + p * known, 1 / (gamma + known * money))
        counts.append(came)
        sums.append(random.gamma(p * np.maximum(came, 1)) / np.maximum(rate, 1e-300) * (came > 0))
    return np.array(counts, dtype=np.float64), np.array(sums)


def _estimate(value: float, played: Vector) -> Estimate:
    """Widened to hold the expected value, which lies outside where nearly nobody comes."""
    import numpy as np  # noqa: PLC0415

    low, high = np.quantile(played, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
    return Estimate(float(value), min(low, float(value)), max(high, float(value)))
