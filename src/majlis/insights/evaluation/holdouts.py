"""Simulated organic holdouts: how often nothing is taken for something, and whether a planted lift is found.

Followers differ in how readily they order (beta), posts differ in rate and in share held back, and a follower sees many
posts: so showings are no independent people, and what takes them for such is wrong in a way that is measured too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from majlis.insights.evaluation import Row, equal, unpublished, within
from majlis.insights.methods.lift import Arm, Lift, clustered_lift, enough, holdout_lift, sample_ratio

if TYPE_CHECKING:
    import numpy as np

RUNS: Final = 1000
SOURCE: Final = "simulation; bounds: where chance leaves 95 of 100 such simulations"


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """A page. ``rate``: of its posts, on average; ``by_follower``: one is held back for all posts or for none."""

    followers: int = 500
    posts: int = 30
    rate: float = 0.03
    lift: float = 0.0
    by_follower: bool = False


def simulate(
    setting: Setting, chance: np.random.Generator, *, information: float = 1.0
) -> tuple[Lift | None, Arm, Arm]:
    """One experiment: as it is read here, and as it would be by somebody who counts showings (test, holdout)."""
    import numpy as np  # noqa: PLC0415

    shape = (setting.followers, setting.posts)
    # a coefficient of variation of 1.4 between followers, 0.5 between posts
    keen = chance.gamma(0.5, 2.0, size=(setting.followers, 1))
    hot = chance.lognormal(-0.125, 0.5, size=(1, setting.posts))
    share = (
        np.full((1, setting.posts), 0.1)
        if setting.by_follower
        else chance.uniform(0.05, 0.15, size=(1, setting.posts))
    )
    drawn = chance.random((setting.followers, 1) if setting.by_follower else shape)
    held = np.broadcast_to(drawn < share, shape)
    rate = np.minimum(setting.rate * keen * hot * np.where(held, 1.0, 1 + setting.lift), 1.0)
    acted = chance.random(shape) < rate
    who, which = (each.ravel() for each in np.indices(shape))
    found = clustered_lift(
        follower=who, post=which, held=held.ravel(), converted=acted.ravel(), information=information
    )
    arms = [Arm(int(mask.sum()), int(acted[mask].sum())) for mask in (~held, held)]
    return found, arms[0], arms[1]


def _bounds(share: float, runs: int) -> tuple[float, float]:
    """95 % of what chance does to a share of so many runs."""
    away = 1.96 * math.sqrt(share * (1 - share) / runs)
    return share - away, share + away


def _outside(of: Lift | None) -> bool:
    return of is not None and not of.interval[0] <= 0 <= of.interval[1]


def rows(data: Path) -> Iterator[Row]:
    """A/A, a planted lift, looking early, and the sample-ratio check. Needs nothing of the folder."""
    import numpy as np  # noqa: PLC0415

    chance = np.random.default_rng(20_261_130)
    yield from _nothing_planted(chance)
    yield from _planted(chance)
    yield from _looking_early(chance)
    yield from _ratio(chance)


def _nothing_planted(chance: np.random.Generator) -> Iterator[Row]:
    for name, setting in (
        ("drawn anew for each post", Setting()),
        ("drawn once for each follower", Setting(by_follower=True, followers=1000)),
    ):
        wrong = plain = 0
        for _ in range(RUNS):
            found, test, holdout = simulate(setting, chance)
            wrong += _outside(found)
            plain += _outside(holdout_lift(test, holdout))
        low, high = _bounds(0.05, RUNS)
        yield within(f"holdout: A/A, {name}: false alarms", wrong / RUNS, low, high, SOURCE)
        yield unpublished(
            f"holdout: A/A, {name}: false alarms of whoever counts showings", plain / RUNS, SOURCE
        )


def _planted(chance: np.random.Generator) -> Iterator[Row]:
    setting = Setting(lift=0.5, followers=1000, posts=40)
    found: list[Lift] = []
    for _ in range(RUNS):
        one, _, _ = simulate(setting, chance)
        if one is not None and one.lift is not None and one.lift_interval is not None:
            found.append(one)
    covered = sum(
        one.lift_interval[0] <= setting.lift <= one.lift_interval[1] for one in found if one.lift_interval
    )
    low, high = _bounds(0.95, RUNS)
    yield within(
        "holdout: planted lift of 50 %: intervals that have it", covered / len(found), low, high, SOURCE
    )
    baselines = [one.holdout_rate * one.shown[0] for one in found]
    pooled = sum(one.incremental for one in found) / sum(baselines)
    rest = sum((one.incremental - pooled * base) ** 2 for one, base in zip(found, baselines, strict=True))
    away = 1.96 * math.sqrt(rest) / sum(baselines)
    yield within("holdout: planted lift of 50 %: recovered", pooled, 0.5 - away, 0.5 + away, SOURCE)
    ready = [one for one in found if enough(one, least=setting.lift).enough]
    seen = sum(one.interval[0] > 0 for one in ready) / len(ready) if ready else None
    yield within("holdout: planted lift of 50 %: seen, once there is enough for 80 %", seen, 0.8, 1.0, SOURCE)
    few = [simulate(Setting(lift=0.5, posts=2, rate=0.02), chance)[0] for _ in range(200)]
    said = sum(one is None or not enough(one).enough for one in few) / len(few)
    yield equal("holdout: two posts of 500 followers: said that it is not enough", said, 1.0, "METRICS")


def _looking_early(chance: np.random.Generator) -> Iterator[Row]:
    """Five looks at one A/A, stopped at the first that shows anything."""
    runs, looks = 500, (0.2, 0.4, 0.6, 0.8, 1.0)
    naive = spent = 0
    for _ in range(runs):
        columns = _showings(Setting(), chance)
        at = [(part, _until(columns, part)) for part in looks]
        naive += any(_outside(_read(some)) for _, some in at)
        spent += any(_outside(_read(some, information=part)) for part, some in at)
    yield unpublished(
        "holdout: A/A looked at five times, plain intervals: false alarms", naive / runs, SOURCE
    )
    # the boundary of one early look, used at all of them, spends a little more than 5 % in all
    yield within(
        "holdout: A/A looked at five times, widened intervals: false alarms", spent / runs, 0.0, 0.08, SOURCE
    )


def _read(of: dict[str, np.ndarray[Any, Any]], *, information: float = 1.0) -> Lift | None:
    return clustered_lift(
        follower=of["follower"],
        post=of["post"],
        held=of["held"],
        converted=of["converted"],
        information=information,
    )


def _showings(setting: Setting, chance: np.random.Generator) -> dict[str, np.ndarray[Any, Any]]:
    import numpy as np  # noqa: PLC0415

    shape = (setting.posts, setting.followers)
    keen, hot = (
        chance.gamma(0.5, 2.0, size=setting.followers),
        chance.lognormal(-0.125, 0.5, size=(setting.posts, 1)),
    )
    which, who = np.indices(shape)
    held = chance.random(shape) < 0.1
    acted = chance.random(shape) < np.minimum(setting.rate * keen * hot, 1.0)
    return {"follower": who.ravel(), "post": which.ravel(), "held": held.ravel(), "converted": acted.ravel()}


def _until(columns: dict[str, np.ndarray[Any, Any]], part: float) -> dict[str, np.ndarray[Any, Any]]:
    """The first posts."""
    rows = int(columns["post"].size * part)
    return {name: column[:rows] for name, column in columns.items()}


def _ratio(chance: np.random.Generator) -> Iterator[Row]:
    people, runs = 15_000, 20_000
    right = sum(
        sample_ratio(people - int(n), int(n), holdout_share=0.1).alarm
        for n in chance.binomial(people, 0.1, runs)
    )
    wrong = sum(
        sample_ratio(people - int(n), int(n), holdout_share=0.1).alarm
        for n in chance.binomial(people, 0.08, 500)
    )
    low, high = _bounds(0.001, runs)
    yield within("holdout: sample ratio as planned: false alarms", right / runs, low, high, SOURCE)
    yield within("holdout: 8 % held back instead of 10 %: noticed", wrong / 500, 0.99, 1.0, SOURCE)
