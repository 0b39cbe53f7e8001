"""Attribution: whatever the journeys, the credits add up; and each model is what it says it is."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.insights.methods import attribution
from majlis.insights.methods.attribution import (
    MODELS,
    Credits,
    Journey,
    Model,
    Touch,
    apportioned,
    conversions_within,
    in_order,
    shapley_of,
)  # fmt: skip

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)

channels = st.sampled_from(["search", "social", "email", "direct", "post"])
touches = st.builds(
    Touch, channels, st.integers(-500_000, 500_000).map(lambda s: NOON + timedelta(minutes=s))
)
journeys = st.lists(
    st.builds(
        Journey,
        touches=st.lists(touches, max_size=8).map(tuple),
        converted_at=st.one_of(st.none(), st.just(NOON)),
        value=st.decimals(-1000, 100_000, places=2),
        count=st.integers(0, 50),
    ),
    max_size=12,
)
model = pytest.mark.parametrize("model", Model)


def _conversions(of: list[Journey]) -> int:
    return sum(each.count for each in of if each.converted_at is not None)


@model
@given(of=journeys)
@settings(max_examples=40)
def test_credits_add_up_to_the_conversions(model: Model, of: list[Journey]) -> None:
    found = MODELS[model](of)
    together = math.fsum(found.by_channel.values()) + found.untouched
    assert math.isclose(together, _conversions(of), abs_tol=1e-6)
    assert all(math.isfinite(each) and each >= -1e-9 for each in found.by_channel.values())
    assert found.by_channel.keys() == found.worth.keys() == {name for each in of for name in each.channels}
    assert found.exact


@model
@given(of=journeys)
@settings(max_examples=40)
def test_money_adds_up_to_the_last_cent(model: Model, of: list[Journey]) -> None:
    found = MODELS[model](of)
    worth = sum((each.value for each in of if each.converted_at is not None and each.count), Decimal(0))
    assert found.total_worth == worth
    if found.by_channel:
        assert sum(found.money().values()) == worth - found.untouched_worth


@given(
    st.decimals(-(10**9), 10**9, places=2),
    st.dictionaries(st.text(max_size=3), st.floats(0, 1e6), min_size=1),
)
def test_an_amount_is_split_without_a_cent_lost(total: Decimal, parts: dict[str, float]) -> None:
    assert sum(apportioned(total, parts).values()) == total
    assert sum(apportioned(total, parts, places=0).values()) == total.to_integral_value()


@model
@pytest.mark.parametrize(
    "of",
    [
        [],
        [in_order([], converted=True), in_order([], converted=False)],
        [in_order(["ad"], converted=False, count=204)],
        [in_order([], converted=True, count=204)],
        [in_order(["ad"], converted=True, count=1), in_order(["post"], converted=False, count=10**9)],
        [in_order([f"c{n % 7}" for n in range(400)], converted=True)],
        [in_order(["ad"] * 400, converted=True), in_order(["ad"] * 400, converted=False)],
        [in_order(["once"], converted=False, count=0), in_order(["ad"], converted=True)],
        [in_order([f"c{n}" for n in range(150)], converted=True, count=3)],
    ],
    ids=["nothing", "no touches", "no conversions", "no clicks", "seen once", "400 touches", "one channel", "nobody",
         "many channels"],
)  # fmt: skip
def test_odd_journeys_have_an_answer(model: Model, of: list[Journey]) -> None:
    found = MODELS[model](of)
    assert math.isclose(
        math.fsum(found.by_channel.values()) + found.untouched, _conversions(of), abs_tol=1e-6
    )


@model
def test_what_came_after_the_order_led_to_nothing(model: Model) -> None:
    clock = Journey(
        touches=(Touch("later", NOON + timedelta(hours=1)), Touch("early", NOON - timedelta(days=900))),
        converted_at=NOON,
    )
    assert MODELS[model]([clock]).by_channel == {"early": 1.0}
    only_later = Journey(touches=(Touch("later", NOON + timedelta(hours=1)),), converted_at=NOON)
    assert MODELS[model]([only_later]).untouched == 1


@given(st.permutations(range(5)))
def test_touches_are_told_in_any_order(order: list[int]) -> None:
    told = [Touch(f"c{n}", NOON - timedelta(days=5 - n)) for n in range(5)]
    journey = Journey(touches=tuple(told[n] for n in order), converted_at=NOON)
    assert attribution.first([journey]).by_channel["c0"] == 1
    assert attribution.last([journey]).by_channel["c4"] == 1


def test_time_decay_of_an_age_long_past_still_has_weights() -> None:
    old = Journey(
        touches=(Touch("a", NOON - timedelta(days=20_000)), Touch("b", NOON - timedelta(days=19_993))),
        converted_at=NOON,
    )
    assert attribution.time_decay([old]).by_channel == pytest.approx({"a": 1 / 3, "b": 2 / 3})


@pytest.mark.parametrize("half_life", [0, -1, math.nan])
def test_a_half_life_is_above_nothing(half_life: float) -> None:
    with pytest.raises(ValueError, match="half-life"):
        attribution.time_decay([], half_life_days=half_life)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Touch("a", datetime(2026, 1, 1)),  # noqa: DTZ001
        lambda: in_order(["a"], converted=True, count=-1),
        lambda: in_order(["a"], converted=True, value=Decimal("NaN")),
        lambda: in_order(["a"], converted=True, value=Decimal("Infinity")),
    ],
)
def test_what_is_no_journey_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"time zone|not less|finite"):
        wrong()  # type: ignore[operator]


def _removed(of: list[Journey], channel: str | None) -> float:
    """P(conversion) when whoever would come to ``channel`` is lost, from the whole chain: the oracle."""
    names = sorted({name for each in of for name in each.channels if each.count})
    place = {name: at + 1 for at, name in enumerate(names)}
    steps = np.zeros((len(names) + 1, len(names) + 1))
    wins, out = np.zeros(len(names) + 1), np.zeros(len(names) + 1)
    for each in of:
        if not each.count or not each.channels:
            continue
        way = [0, *(place[name] for name in each.channels)]
        for before, after in pairwise(way):
            steps[before, after] += each.count
        for at in way:
            out[at] += each.count
        if each.converted_at is not None:
            wins[way[-1]] += each.count
    if not out[0]:
        return 0.0
    steps, wins = steps / out[:, None], wins / out
    if channel is not None:
        steps[:, place[channel]] = 0
    return float(np.linalg.solve(np.eye(len(out)) - steps, wins)[0])


@given(journeys)
@settings(max_examples=60)
def test_markov_is_what_is_lost_without_a_channel(of: list[Journey]) -> None:
    found = attribution.markov(of)
    whole = _removed(of, None)
    for channel, effect in found.removal.items():
        seen = any(each.count and channel in each.channels for each in of)
        wanted = 1 - _removed(of, channel) / whole if whole and seen else 0.0
        assert math.isclose(effect, wanted, abs_tol=1e-9)


@given(journeys)
@settings(max_examples=40)
def test_shapley_is_the_sum_over_all_coalitions(of: list[Journey]) -> None:
    found = attribution.shapley(of)
    counted = shapley_of(list(found.by_channel), conversions_within(of), seed=1)
    assert counted.exact
    assert found.by_channel == pytest.approx(counted.of, abs=1e-9)


@given(journeys)
@settings(max_examples=40)
def test_shapley_treats_alike_who_does_alike(of: list[Journey]) -> None:
    twins = [
        Journey(
            touches=(*each.touches, *(Touch("twin", t.at) for t in each.touches if t.channel == "post")),
            converted_at=each.converted_at, count=each.count,
        )
        for each in of
    ]  # fmt: skip
    found = attribution.shapley(twins).by_channel
    assert found.get("twin", 0.0) == pytest.approx(found.get("post", 0.0))


def test_of_more_than_twelve_players_orders_are_drawn_and_it_is_said() -> None:
    names = [f"c{n:02}" for n in range(14)]
    of = [in_order(names[n : n + 3], converted=True, count=n + 1) for n in range(12)]
    exact = attribution.shapley(of)
    drawn = shapley_of(names, conversions_within(of), seed=4, samples=400)
    assert (drawn.exact, drawn.sampled) == (False, 400)
    assert math.isclose(math.fsum(drawn.of.values()), 78)
    assert drawn.of == pytest.approx(exact.by_channel, abs=2.5)
    assert drawn == shapley_of(names, conversions_within(of), seed=4, samples=400)


def test_direct_only_is_credited_to_direct() -> None:
    assert attribution.last_non_direct([in_order(["direct", "direct"], converted=True)]).by_channel == {
        "direct": 1
    }
    assert isinstance(attribution.last_non_direct([]), Credits)
