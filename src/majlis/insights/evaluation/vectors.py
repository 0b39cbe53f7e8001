"""The worked numbers of METRICS, each by the function that the product uses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from majlis.core import json
from majlis.insights import breakeven
from majlis.insights.evaluation import Row, equal
from majlis.insights.methods import anomaly, answers, attribution, economics, lift, voice
from majlis.insights.methods.attribution import Credits, Journey, Touch

SOURCE: Final = "metric_vectors.json"
Vectors = Mapping[str, Any]


def rows(data: Path) -> Iterator[Row]:
    """One row a number; a vector that the file does not have is left out, and one of another form is said at the end, by
    ValueError."""
    vectors: Any = json.decode((data / "metric_vectors.json").read_bytes())
    if not isinstance(vectors, dict):
        raise ValueError("metric_vectors.json is no object")
    odd = []
    for name, numbers in _asked(vectors):
        try:
            for what, value, target in numbers:
                yield equal(f"vectors: {name}: {what}", value, target, SOURCE)
        except Exception as error:  # one that is odd keeps no other from being measured
            odd.append(f"{name} ({type(error).__name__}: {error})")
    if odd:
        raise ValueError(f"vectors of another form: {'; '.join(odd)}")


def _asked(vectors: Vectors) -> Iterator[tuple[str, Numbers]]:
    for name, part in _PARTS.items():
        if name in vectors:
            yield name, part(vectors[name])
    if "shapley" in vectors and "markov" in vectors:
        yield "shapley", _shapley(vectors["shapley"], vectors["markov"])
    if "alarm_robust" in vectors and "alarm_socialmetrix_rule" in vectors:
        yield "alarm_robust", _spread(vectors["alarm_robust"], vectors["alarm_socialmetrix_rule"])


Numbers = Iterator[tuple[str, float | None, float]]


def _number(value: float | Decimal | None) -> float | None:
    return None if value is None else float(value)


def _reach(of: Vectors) -> Numbers:
    """By the measures of the studio, for which Django must be set up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.config.django_settings")
    import django  # noqa: PLC0415

    django.setup()
    from majlis.insights.evaluation._reach import measured  # noqa: PLC0415

    found = measured(of["in"])
    for name, target in of["out"].items():
        yield name, found.get(name), target


def _share_of_voice(of: Vectors) -> Numbers:
    rivals = [voice.Mentioned(f"rival {at}", mentions) for at, mentions in enumerate(of["in"]["comp"])]
    yield "share", voice.share_of_voice(voice.Mentioned("brand", of["in"]["brand"]), rivals).share, of["out"]


def _sentiment(of: Vectors) -> Numbers:
    told = of["in"]
    mood = voice.Mood(told["pos"], told["neu"], told["neg"])
    yield "of all", voice.net_sentiment(mood), of["out_all"]
    yield "polar", voice.polar_sentiment(mood), of["out_polar"]


def _csat(of: Vectors) -> Numbers:
    found = answers.csat(of["in"]["ratings_1_5"])
    yield "percent", found.percent, of["out_pct_4_5"]
    yield "mean", found.mean, of["mean"]


_ORDERED: Final = datetime(2026, 1, 31, tzinfo=UTC)


def _path(touches: Sequence[tuple[str, float]]) -> list[Journey]:
    return [
        Journey(
            touches=tuple(Touch(channel, _ORDERED - timedelta(days=days)) for channel, days in touches),
            converted_at=_ORDERED,
        )
    ]


def _attribution(of: Vectors) -> Numbers:
    path = _path(of["path_days_before"])
    channels = [channel for channel, _ in of["path_days_before"]]
    models = {
        "first": attribution.first, "last": attribution.last, "last_non_direct": attribution.last_non_direct,
        "linear": attribution.linear, "position_40_20_40": attribution.position,
    }  # fmt: skip
    for name, model in models.items():
        yield from _each(name, channels, model(path), of[name])
    for channel, value, target in _each("", channels, attribution.time_decay(path), of["time_decay_hl7"]):
        # published with six digits
        yield f"time_decay_hl7{channel}", None if value is None else round(value, 6), target
    yield from _each(
        "position_two_touch",
        "ab",
        attribution.position(_path([("a", 1), ("b", 0)])),
        of["position_two_touch"],
    )
    yield from _each(
        "position_one_touch", "a", attribution.position(_path([("a", 0)])), of["position_one_touch"]
    )


def _each(name: str, channels: Sequence[str], found: Credits, targets: Sequence[float]) -> Numbers:
    for channel, target in zip(channels, targets, strict=True):
        yield f"{name} {channel}", found.by_channel.get(channel), target


def _journeys(paths: Sequence[tuple[Sequence[str], int, int]]) -> list[Journey]:
    return [
        attribution.in_order(channels, converted=converted, count=count)
        for channels, won, lost in paths
        for converted, count in ((True, won), (False, lost))
    ]


def _markov(of: Vectors) -> Numbers:
    journeys = _journeys(of["paths_conv_null"])
    found = attribution.markov(journeys)
    for channel, target in of["removal_effect"].items():
        yield f"removal effect {channel}", found.removal.get(channel), target
    for channel, target in of["attributed_conversions"].items():
        yield f"conversions {channel}", found.by_channel.get(channel), target
    yield "total", sum(found.by_channel.values()), of["total"]
    people = sum(journey.count for journey in journeys)
    yield "p_conv", sum(each.count for each in journeys if each.converted_at) / people, of["p_conv"]


def _roi(of: Vectors) -> Numbers:
    told, out = {name: Decimal(str(value)) for name, value in of["in"].items()}, of["out"]
    costs = economics.Costs(hours=told["hours"], hour_rate=told["hour_rate"], promotion=told["media"])
    cac = economics.cac(cost=costs.full, new_customers=out["new_customers"])
    months = economics.payback_months(cac=cac, margin_per_month=Decimal(12))
    margin = told["revenue"] * told["gross_margin"]
    yield "cost", float(costs.full), out["cost"]
    yield "roi", _number(economics.roi(margin=margin, cost=costs.full)), out["roi_margin"]
    yield "roas", _number(economics.roas(revenue=told["revenue"], promotion=costs.promotion)), out["roas"]
    yield "cac", _number(cac), out["cac"]
    yield "payback months", _number(months), out["payback_months_at_margin_per_month_12"]


def _ltv(of: Vectors) -> Numbers:
    told = {name: Decimal(str(value)) for name, value in of["cfi_example"].items()}
    ltv = economics.ltv_simple(revenue=told["rev"], direct_cost=told["direct"], retention=told["retention"])
    yield "value", _number(ltv), float(told["ltv"])
    yield "ratio to cac", _number(economics.ltv_to_cac(ltv=ltv, cac=told["cac"])), float(told["ratio"])


def _break_even(of: Vectors) -> Numbers:
    told = of["in"]
    for row in of["rows"]:
        rate = row["organic_reach_rate"]
        economy = breakeven.Economy(
            cost=told["monthly_cost"], posts=told["posts"], reach_rate=rate, click_rate=told["ctr"],
            conversion_rate=told["cvr"], margin=told["margin_per_order"],
        )  # fmt: skip
        yield f"at {rate}: margin a follower", economy.per_follower, row["margin_per_follower_month"]
        yield f"at {rate}: followers", breakeven.break_even(economy), row["break_even_followers"]
        for followers in (15, 15_000):
            result = breakeven.monthly_result(economy, followers=followers)
            yield f"at {rate}: month of {followers}", result, row[f"profit_at_{followers}"]


def _sample_size(of: Sequence[Vectors]) -> Numbers:
    for row in of:
        pair = f"{row['p1']} to {row['p2']}"
        yield f"{pair}, two-sided", lift.sample_size(row["p1"], row["p2"]), row["n_per_arm_two_sided"]
        yield (
            f"{pair}, one-sided",
            lift.sample_size(row["p1"], row["p2"], two_sided=False),
            row["n_one_sided"],
        )


def _holdout(of: Vectors) -> Numbers:
    arms = {name: lift.Arm(people, converted) for name, (converted, people) in of["in"].items()}
    found, out = lift.holdout_lift(arms["exposed"], arms["holdout"]), of["out"]
    if found is None:
        return
    yield "difference", found.difference, out["diff"]
    yield "lift", found.lift, out["rel_lift"]
    for end, value, target in zip(("low", "high"), found.interval, out["ci95"], strict=True):
        yield f"95 % {end}", value, target
    yield "z", found.z, out["z_pooled"]
    yield "p", found.p, out["p"]
    yield "incremental", found.incremental, out["incremental"]


def _shapley(of: Vectors, markov: Vectors) -> Numbers:
    """Of the same journeys."""
    journeys = _journeys(markov["paths_conv_null"])
    found = attribution.shapley(journeys)
    counted = attribution.shapley_of(list(of["values"]), attribution.conversions_within(journeys), seed=1).of
    for channel, target in of["values"].items():
        yield channel, found.by_channel.get(channel), target
        yield f"{channel}, from all coalitions", counted[channel], target
    yield "sum", sum(found.by_channel.values()), of["sum"]


def _rule(of: Vectors) -> Numbers:
    counts = of["last7_daily"]
    for deviations, target in of["thresholds"].items():
        yield f"mean + {deviations} sd", anomaly.mean_threshold(counts, deviations=float(deviations)), target


def _robust(of: Vectors) -> Numbers:
    yield "z of 30", anomaly.robust_z(30, usual=of["median"], mad=of["mad"]), of["robust_z_of_30"]


def _spread(of: Vectors, rule: Vectors) -> Numbers:
    found = anomaly.median_and_mad(rule["last7_daily"]) or (None, None)
    yield "median", found[0], of["median"]
    yield "MAD", found[1], of["mad"]


def _poisson(of: Vectors) -> Numbers:
    yield "tail", anomaly.poisson_tail(of["k"], mean=of["lambda"]), of["p_ge_k"]


def _retention(of: Vectors) -> Numbers:
    found = economics.retention_rates(of["active_by_period"]) or []
    for period, (value, target) in enumerate(zip(found, of["rate"], strict=False)):
        yield f"period {period}", value, target


_PARTS: Final[Mapping[str, Callable[[Any], Numbers]]] = {
    "reach": _reach, "sov": _share_of_voice, "net_sentiment": _sentiment, "csat": _csat,
    "attribution": _attribution, "markov": _markov, "roi": _roi, "ltv": _ltv, "break_even_followers": _break_even,
    "sample_size": _sample_size, "holdout_lift": _holdout, "alarm_socialmetrix_rule": _rule, "alarm_robust": _robust,
    "alarm_poisson": _poisson, "retention": _retention,
}  # fmt: skip
