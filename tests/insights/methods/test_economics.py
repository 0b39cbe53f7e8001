"""Costs, returns, voice, authority and answers: bad numbers are refused, and nothing is divided by nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.insights.methods import anomaly, answers, economics, voice
from majlis.insights.methods.authority import Aspect, Measured, authority, strongest
from majlis.insights.methods.economics import Costs, Money

amounts = st.decimals(0, 10**9, places=2)


@given(amounts, amounts, amounts, st.decimals(0, 1000, places=2), st.decimals(0, 500, places=2))
def test_full_cost_has_every_part(
    promotion: Decimal, tools: Decimal, made: Decimal, hours: Decimal, rate: Decimal
) -> None:
    costs = Costs(promotion=promotion, tools=tools, production=made, hours=hours, hour_rate=rate)
    assert costs.full == promotion + tools + made + hours * rate


@given(amounts, amounts)
def test_roi_says_whether_it_paid(margin: Decimal, cost: Decimal) -> None:
    found = economics.roi(margin=margin, cost=cost)
    assert (found is None) == (cost == 0)
    assert found is None or (found >= 0) == (margin >= cost)


def test_without_anything_to_divide_by_there_is_no_number() -> None:
    nothing = Decimal(0)
    assert economics.roi(margin=Decimal(5), cost=nothing) is None
    assert economics.roas(revenue=Decimal(5), promotion=nothing) is None
    assert economics.cac(cost=Decimal(5), new_customers=0) is None
    assert economics.payback_months(cac=None, margin_per_month=Decimal(1)) is None
    assert economics.payback_months(cac=Decimal(70), margin_per_month=Decimal(-1)) is None
    assert economics.ltv_simple(revenue=Decimal(5), direct_cost=nothing, retention=Decimal(1)) is None
    assert economics.ltv_to_cac(ltv=Decimal(5), cac=nothing) is None
    assert economics.retention_rates([]) is None
    assert economics.retention_rates([0, 0]) is None


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e16", "-1e16"])
def test_an_impossible_amount_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Costs(promotion=Decimal(value))
    with pytest.raises(ValueError, match="finite"):
        Money(Decimal(value), "EUR")


def test_other_impossible_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="less than no hours"):
        Costs(hours=Decimal(-1))
    with pytest.raises(ValueError, match="retention"):
        economics.ltv_simple(revenue=Decimal(5), direct_cost=Decimal(1), retention=Decimal("1.1"))
    with pytest.raises(ValueError, match="rate"):
        economics.together([Money(Decimal(1), "EUR")], into="JOD", rates={"EUR": Decimal(0)})


def test_currencies_stay_apart_unless_a_rate_is_given() -> None:
    of = [Money(Decimal(10), "EUR"), Money(Decimal("-2.5"), "EUR"), Money(Decimal("3.125"), "JOD")]
    assert economics.by_currency(of) == {"EUR": Decimal("7.5"), "JOD": Decimal("3.125")}
    assert economics.together(of, into="EUR", rates={}) is None
    assert economics.together(of, into="EUR", rates={"JOD": Decimal("1.3")}) == Decimal("11.5625")


def test_share_of_voice_names_its_rivals_and_weighs_them() -> None:
    found = voice.share_of_voice(voice.Mentioned("us", 1, 900), [voice.Mentioned("them", 3, 100)])
    assert (found.share, found.weighted, found.rivals) == (0.25, 0.9, ("them",))
    nobody = voice.share_of_voice(voice.Mentioned("us", 0), [])
    assert (nobody.share, nobody.weighted) == (None, None)
    with pytest.raises(ValueError, match="mentions"):
        voice.Mentioned("us", -1)


counts = st.integers(0, 10_000)


@given(counts, counts, counts)
def test_net_sentiment_lies_in_its_interval(positive: int, neutral: int, negative: int) -> None:
    mood = voice.Mood(positive, neutral, negative)
    net, polar, interval = voice.net_sentiment(mood), voice.polar_sentiment(mood), voice.net_interval(mood)
    assert (net is None) == (interval is None) == (mood.texts == 0)
    assert (polar is None) == (positive + negative == 0)
    if net is not None and interval is not None:
        assert -1 <= interval[0] < interval[1] <= 1
        assert interval[0] - 0.02 <= net <= interval[1] + 0.02


def test_authority_never_stands_without_parts() -> None:
    known = {
        Aspect.SHARE_OF_VOICE: Measured(0.2),
        Aspect.NET_SENTIMENT: Measured(0.2),
        Aspect.INBOUND_LINKS: Measured(9, largest=99),
    }
    found = authority(known)
    assert found.score == pytest.approx(100 * (0.2 + 0.6 + 0.5) / 3)
    assert [part.aspect for part in found.parts] == list(known)
    assert set(found.missing) == set(Aspect) - set(known)
    assert strongest(found)[0].aspect == Aspect.NET_SENTIMENT
    weighted = authority(known, weights={Aspect.SHARE_OF_VOICE: 2.0})
    assert sum(part.weight for part in weighted.parts) == pytest.approx(1)
    assert weighted.score == pytest.approx(100 * (0.4 + 0.6 + 0.5) / 4)
    few = authority({Aspect.SHARE_OF_VOICE: Measured(0.2), Aspect.NET_SENTIMENT: None})
    assert (few.score, len(few.parts)) == (None, 1)
    assert authority({}).score is None


@pytest.mark.parametrize(
    ("aspect", "value"),
    [(Aspect.SHARE_OF_VOICE, 1.1), (Aspect.NET_SENTIMENT, -2), (Aspect.INBOUND_LINKS, -1)],
)
def test_authority_refuses_a_value_out_of_its_range(aspect: Aspect, value: float) -> None:
    with pytest.raises(ValueError, match=r"between|below"):
        authority({aspect: Measured(value)})


def test_csat_has_n_and_rate() -> None:
    found = answers.csat([5, 4, 1], asked=12)
    assert (found.percent, found.answers, found.rate) == (pytest.approx(66.67, abs=0.01), 3, 0.25)
    assert answers.csat([]).percent is None
    for ratings, asked in (([0], None), ([6], None), ([5, 5], 1)):
        with pytest.raises(ValueError, match=r"rating|more answers"):
            answers.csat(ratings, asked=asked)


@given(st.integers(0, 300), st.floats(0.01, 200))
def test_the_poisson_tail_is_that_of_scipy(count: int, mean: float) -> None:
    from scipy.special import pdtr, pdtrc

    wanted = 1.0 if count == 0 else float(pdtrc(count - 1, mean))
    assert anomaly.poisson_tail(count, mean=mean) == pytest.approx(wanted, rel=1e-9, abs=1e-300)
    assert anomaly.poisson_tail(count, mean=mean) <= 1.0
    assert float(pdtr(count, mean)) <= 1.0


def test_an_hour_in_which_nothing_ever_happens() -> None:
    assert anomaly.robust_z(0, usual=0, mad=0) == 0
    assert anomaly.robust_z(3, usual=0, mad=0) == float("inf")
    assert anomaly.robust_z(3, usual=0, mad=0, least=1) == pytest.approx(2.0235)
    assert anomaly.mean_threshold([1], deviations=2) is None
    assert anomaly.median_and_mad([]) is None
    assert anomaly.poisson_tail(1, mean=0) == 0
