"""Which touches a conversion is credited to: eight models of the same journeys, to be read side by side.

Invariant: in every model the credits of all channels, and what could be credited to none, add up to the
conversions. What each model says and cannot say: docs/metrics.md. Journeys are of one currency; of others make
another list.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import Final

import msgspec

DIRECT: Final = frozenset({"direct"})
"""Channels that tell of no touch of ours: the address was typed, or nobody knows."""
HALF_LIFE_DAYS: Final = 7.0
EXACT_PLAYERS: Final = 12
"""Up to so many players all 2ⁿ coalitions of any game are looked at."""


class Touch(msgspec.Struct, frozen=True):
    """Somebody met us through ``channel``; ``at`` has a time zone."""

    channel: str
    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of a touch has a time zone")


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """The touches of one person (or of ``count`` alike) up to an order, or to none yet.

    ``value`` is that of all ``count`` conversions together, after refunds; it may be below nothing.
    """

    touches: tuple[Touch, ...]
    converted_at: datetime | None = None
    value: Decimal = Decimal(0)
    count: int = 1

    def __post_init__(self) -> None:
        if self.converted_at is not None and self.converted_at.tzinfo is None:
            raise ValueError("the time of a conversion has a time zone")
        if self.count < 0:
            raise ValueError("there are not less than no journeys")
        if not self.value.is_finite():
            raise ValueError("a value is a finite number")

    @property
    def before(self) -> tuple[Touch, ...]:
        """The touches that can have led to it, in the order of time: none that came after the conversion."""
        until = self.converted_at
        return tuple(
            sorted(
                (each for each in self.touches if until is None or each.at <= until), key=lambda each: each.at
            )
        )

    @property
    def channels(self) -> tuple[str, ...]:
        """Their channels."""
        return tuple(each.channel for each in self.before)


_SOMETIME: Final = datetime(2000, 1, 1, tzinfo=UTC)


def in_order(
    channels: Sequence[str], *, converted: bool, value: Decimal = Decimal(0), count: int = 1
) -> Journey:
    """A journey of which only the order is known: a day from touch to touch, the last at the conversion."""
    last = len(channels) - 1
    touches = tuple(Touch(name, _SOMETIME - timedelta(days=last - at)) for at, name in enumerate(channels))
    return Journey(touches=touches, converted_at=_SOMETIME if converted else None, value=value, count=count)


class Credits(msgspec.Struct, frozen=True, kw_only=True):
    """What a model credits to whom.

    ``by_channel``: conversions, every channel that was seen at all, so a 0 is an answer. ``untouched``: conversions
    before which no touch is known. ``worth``: the same of value. ``exact``: no chance in it; otherwise ``sampled``
    orders were drawn.
    """

    by_channel: dict[str, float]
    worth: dict[str, float]
    untouched: float = 0.0
    total_worth: Decimal = Decimal(0)
    untouched_worth: Decimal = Decimal(0)
    removal: dict[str, float] = {}
    exact: bool = True
    sampled: int = 0

    def money(self, *, places: int = 2) -> dict[str, Decimal]:
        """Worth by channel, rounded so that it adds up to the last cent. ``places``: of the currency."""
        return apportioned(self.total_worth - self.untouched_worth, self.worth, places=places)


def apportioned(total: Decimal, parts: Mapping[str, float], *, places: int = 2) -> dict[str, Decimal]:
    """``total`` split in proportion to ``parts``, rounded to ``places`` and still adding up (largest remainder,
    Hamilton's method). Where the parts add up to nothing, everybody gets an equal part."""
    if not parts:
        return {}
    unit = Decimal(1).scaleb(-places)
    units = int((total / unit).to_integral_value())
    together = math.fsum(parts.values())
    shares = {
        name: units * Decimal(part) / Decimal(together) if together else Decimal(units) / len(parts)
        for name, part in parts.items()
    }
    floors = {name: math.floor(share) for name, share in shares.items()}
    by_remainder = sorted(parts, key=lambda name: (floors[name] - shares[name], name))
    left = units - sum(floors.values())
    for turn in range(abs(left)):
        floors[by_remainder[turn % len(by_remainder)]] += 1 if left > 0 else -1
    return {name: floors[name] * unit for name in parts}


Weigh = Callable[[tuple[Touch, ...]], Sequence[float]]


def _credited(journeys: Iterable[Journey], weigh: Weigh) -> Credits:
    """Each conversion shared among its touches by weights that add up to one."""
    credit: dict[str, float] = defaultdict(float)
    worth: dict[str, float] = defaultdict(float)
    totals = _Totals()
    for journey in journeys:
        touches = journey.before
        for touch in touches:
            credit[touch.channel] += 0.0
        if not totals.add(journey, touches):
            continue
        for touch, weight in zip(touches, weigh(touches), strict=True):
            credit[touch.channel] += weight * journey.count
            worth[touch.channel] += weight * float(journey.value)
    return totals.credits(credit, worth)


class _Totals:
    """What was converted in all, and what of it without a touch."""

    def __init__(self) -> None:
        self.touched, self.untouched = 0, 0
        self.worth, self.untouched_worth = Decimal(0), Decimal(0)

    def add(self, journey: Journey, touches: Sequence[Touch]) -> bool:
        """Count it; whether there is anything to credit to anybody."""
        if journey.converted_at is None or not journey.count:
            return False
        self.worth += journey.value
        if touches:
            self.touched += journey.count
            return True
        self.untouched += journey.count
        self.untouched_worth += journey.value
        return False

    def credits(
        self,
        credit: Mapping[str, float],
        worth: Mapping[str, float],
        removal: Mapping[str, float] | None = None,
    ) -> Credits:
        return Credits(
            by_channel=dict(sorted(credit.items())),
            worth={name: worth.get(name, 0.0) for name in sorted(credit)},
            untouched=float(self.untouched),
            total_worth=self.worth,
            untouched_worth=self.untouched_worth,
            removal=dict(sorted((removal or {}).items())),
        )


def _only(at: int, of: int) -> list[float]:
    return [1.0 if place == at else 0.0 for place in range(of)]


def first(journeys: Iterable[Journey]) -> Credits:
    """All to the first touch (METRICS)."""
    return _credited(journeys, lambda touches: _only(0, len(touches)))


def last(journeys: Iterable[Journey]) -> Credits:
    """All to the last touch before the conversion (METRICS)."""
    return _credited(journeys, lambda touches: _only(len(touches) - 1, len(touches)))


def last_non_direct(journeys: Iterable[Journey], *, direct: frozenset[str] = DIRECT) -> Credits:
    """All to the last touch that is not direct; where all are, to the last (METRICS)."""

    def weigh(touches: tuple[Touch, ...]) -> list[float]:
        known = [place for place, touch in enumerate(touches) if touch.channel not in direct]
        return _only(known[-1] if known else len(touches) - 1, len(touches))

    return _credited(journeys, weigh)


def linear(journeys: Iterable[Journey]) -> Credits:
    """1/n to each of n touches (METRICS)."""
    return _credited(journeys, lambda touches: [1 / len(touches)] * len(touches))


def position(journeys: Iterable[Journey]) -> Credits:
    """40 % to the first, 40 % to the last, 20 % shared by those between; two 50/50, one all (METRICS)."""

    def weigh(touches: tuple[Touch, ...]) -> list[float]:
        between = len(touches) - 2
        if between < 1:
            return [1 / len(touches)] * len(touches)
        return [0.4, *[0.2 / between] * between, 0.4]

    return _credited(journeys, weigh)


def time_decay(journeys: Iterable[Journey], *, half_life_days: float = HALF_LIFE_DAYS) -> Credits:
    """Weight 2^(−days before the conversion ÷ half-life), so that they add up to one (METRICS).

    Days are counted from the newest touch, which changes no proportion, and lets no journey of years weigh nothing.
    Raises ValueError for a half-life that is not above nothing.
    """
    if not half_life_days > 0:
        raise ValueError("a half-life is above nothing")

    def weigh(touches: tuple[Touch, ...]) -> list[float]:
        days = [(touches[-1].at - touch.at) / timedelta(days=1) for touch in touches]
        weights = [2.0 ** -(each / half_life_days) for each in days]
        together = math.fsum(weights)
        return [weight / together for weight in weights]

    return _credited(journeys, weigh)


def markov(journeys: Iterable[Journey]) -> Credits:
    """An absorbing chain of first order; conversions shared in proportion to removal effects.

    removal effect of c = 1 − P(conversion without c) ÷ P(conversion), where whoever would come to c is lost
    (Anderl, Becker, von Wangenheim & Schumann 2016, "Mapping the customer journey", IJRM 33(3), 457–474).
    Solved, not simulated: with N = (I − Q)⁻¹ (Kemeny & Snell 1960, theorem 3.2.4), whoever starts comes to c with
    (start · N)_c ÷ N_cc and converts from there with (N · r)_c, and their product is what is lost with c.
    Conversions without a touch are no part of the chain. One who comes twice in a row to a channel changes nothing.
    """
    totals = _Totals()
    steps: dict[tuple[str | None, str], float] = defaultdict(float)
    won: dict[str, float] = defaultdict(float)
    seen: dict[str, float] = defaultdict(float)
    for journey in journeys:
        touches = journey.before
        for touch in touches:
            seen[touch.channel] += 0.0
        converted = totals.add(journey, touches)
        if not touches or not journey.count:
            continue
        at: str | None = None
        for touch in touches:
            steps[at, touch.channel] += journey.count
            seen[touch.channel] += journey.count
            at = touch.channel
        if converted and at is not None:
            won[at] += journey.count
    names = sorted(name for name, times in seen.items() if times)
    effects = dict.fromkeys(seen, 0.0) | _removal_effects(names, steps, won, seen)
    together = math.fsum(effects.values())
    shares = {name: effect / together if together else 0.0 for name, effect in effects.items()}
    value = float(totals.worth - totals.untouched_worth)
    return totals.credits(
        {name: share * totals.touched for name, share in shares.items()},
        {name: share * value for name, share in shares.items()},
        effects,
    )


def _removal_effects(
    names: Sequence[str],
    steps: Mapping[tuple[str | None, str], float],
    won: Mapping[str, float],
    left: Mapping[str, float],
) -> dict[str, float]:
    """``steps`` from (None: the start) to; ``won``: steps to conversion; ``left``: all steps out of a channel."""
    if not won:
        return {}
    import numpy as np  # noqa: PLC0415  # only whoever attributes needs it

    place = {name: at for at, name in enumerate(names)}
    moves = np.zeros((len(names), len(names)))
    start = np.zeros(len(names))
    for (before, after), times in steps.items():
        if before is None:
            start[place[after]] += times
        else:
            moves[place[before], place[after]] += times / left[before]
    wins = np.array([won.get(name, 0.0) / left[name] for name in names])
    start /= start.sum()
    fundamental = np.linalg.inv(np.eye(len(names)) - moves)
    from_here = fundamental @ wins
    come_to = (start @ fundamental) / fundamental.diagonal()
    effects = come_to * from_here / (start @ from_here)
    return {name: min(max(float(effect), 0.0), 1.0) for name, effect in zip(names, effects, strict=True)}


def shapley(journeys: Iterable[Journey]) -> Credits:
    """The Shapley value of the game v(S) = conversions of journeys whose channels all lie in S (METRICS).

    φᵢ = Σ over S without i of s!(n−s−1)!/n! × (v(S ∪ i) − v(S)). This v is a sum of unanimity games, one a
    journey, and of such a game everybody in it has the same part (Shapley 1953, "A value for n-person games",
    lemma 3; Zhao, Mahboobi & Bagheri 2018, arXiv:1804.05327): φᵢ = Σ over journeys with i of conversions ÷ number
    of distinct channels. So it is exact for any number of channels, and no order is drawn. For other games:
    :func:`shapley_of`.
    """

    def weigh(touches: tuple[Touch, ...]) -> list[float]:
        times: dict[str, int] = defaultdict(int)
        for touch in touches:
            times[touch.channel] += 1
        return [1 / len(times) / times[touch.channel] for touch in touches]

    return _credited(journeys, weigh)


class Values(msgspec.Struct, frozen=True):
    """Shapley values, and whether chance was in it: ``sampled`` orders were drawn then."""

    of: dict[str, float]
    exact: bool
    sampled: int = 0


def shapley_of(
    players: Sequence[str], worth: Callable[[frozenset[str]], float], *, seed: int, samples: int = 2000
) -> Values:
    """Shapley values of any game: from all coalitions up to 12 players, above from ``samples`` random orders
    (Castro, Gómez & Tejada 2009), each with its reverse. Both add up to worth(all) − worth(none)."""
    if len(players) <= EXACT_PLAYERS:
        return Values(_of_all_coalitions(players, worth), exact=True)
    import random  # noqa: PLC0415

    chance = random.Random(seed)  # noqa: S311 - a repeatable draw, no secret
    gained: dict[str, float] = dict.fromkeys(players, 0.0)
    order = list(players)
    drawn = 0
    while drawn < samples:
        chance.shuffle(order)
        for way in (order, order[::-1]):
            so_far: frozenset[str] = frozenset()
            before = worth(so_far)
            for player in way:
                so_far |= {player}
                after = worth(so_far)
                gained[player] += after - before
                before = after
            drawn += 1
    return Values({name: total / drawn for name, total in gained.items()}, exact=False, sampled=drawn)


def _of_all_coalitions(players: Sequence[str], worth: Callable[[frozenset[str]], float]) -> dict[str, float]:
    n = len(players)
    values = dict.fromkeys(players, 0.0)
    for size in range(n):
        part = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
        for inside in combinations(players, size):
            without = frozenset(inside)
            base = worth(without)
            for player in players:
                if player not in without:
                    values[player] += part * (worth(without | {player}) - base)
    return values


def conversions_within(journeys: Iterable[Journey]) -> Callable[[frozenset[str]], float]:
    """The game of METRICS: conversions of journeys whose channels all lie in S."""
    sets: dict[frozenset[str], float] = defaultdict(float)
    for journey in journeys:
        if journey.converted_at is not None and journey.channels:
            sets[frozenset(journey.channels)] += journey.count
    return lambda allowed: math.fsum(count for channels, count in sets.items() if channels <= allowed)


class Model(StrEnum):
    """The models, in the order in which they are shown."""

    FIRST = "first"
    LAST = "last"
    LAST_NON_DIRECT = "last_non_direct"
    LINEAR = "linear"
    POSITION = "position"
    TIME_DECAY = "time_decay"
    MARKOV = "markov"
    SHAPLEY = "shapley"


MODELS: Final[Mapping[Model, Callable[[Iterable[Journey]], Credits]]] = {
    Model.FIRST: first,
    Model.LAST: last,
    Model.LAST_NON_DIRECT: last_non_direct,
    Model.LINEAR: linear,
    Model.POSITION: position,
    Model.TIME_DECAY: time_decay,
    Model.MARKOV: markov,
    Model.SHAPLEY: shapley,
}


def side_by_side(journeys: Iterable[Journey]) -> dict[Model, Credits]:
    """Every model on the same journeys."""
    same = tuple(journeys)
    return {model: credit(same) for model, credit in MODELS.items()}
