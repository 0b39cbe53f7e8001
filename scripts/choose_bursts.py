"""How the parameters of bursts were chosen: ``python scripts/choose_bursts.py [DATA] [--quarters]``.

Every variant is scored on forty made-up series. With DATA (a folder with ``spikes``) each of its series is also left out in
turn: the variant is chosen on the others and the made-up ones, and scored on the one left out. Times are moved by some hours
too, since where a day begins must not decide. Last, each parameter of the rule is made a quarter smaller and larger.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec

from majlis.insights.evaluation._worlds import world
from majlis.insights.evaluation.spikes import Scored, Series, rang, read, scored
from majlis.insights.methods.bursts import RULE, Rule

WORLDS = range(40)
MOVED = (timedelta(0), timedelta(minutes=135), timedelta(minutes=300))
VARIANTS = [
    Rule(days=days, level_hours=level)
    for days, level in itertools.product((8.0, 9.0, 10.0, 12.0), (24, 48, 72))
]
Found = list[tuple[Series, list[int]]]


def moved(series: Series) -> list[Series]:
    """The same counts at other hours."""
    return [Series([at + by for at in series.times], series.counts, series.windows) for by in MOVED]


def found(series: Sequence[Series], rule: Rule) -> Found:
    """What rang in each."""
    return [(each, rang(each, rule=rule)) for each in series]


def worth(told: Scored) -> float:
    """The mean of both profiles."""
    return sum(told.by_profile.values()) / len(told.by_profile)


def line(told: Scored) -> str:
    """A row of figures."""
    profiles = " / ".join(f"{value:.1f}" for value in told.by_profile.values())
    return f"{profiles}, {told.found} of {told.windows}, {told.false_alerts:.2f} false a week"


def main(arguments: list[str]) -> None:
    """Prints all of it."""
    worlds = [Series(each.times, each.counts, each.windows) for each in map(world, WORLDS)]
    known = read(Path(arguments[0]) / "spikes") if arguments else {}
    made = {rule: found(worlds, rule) for rule in VARIANTS}
    real = {rule: {name: found(moved(series), rule) for name, series in known.items()} for rule in VARIANTS}
    for rule in VARIANTS:
        print(
            f"days {rule.days:.0f}, level {rule.level_hours} h: made-up {line(scored(made[rule]))}",
            flush=True,
        )
    held: Found = []
    for name in known:
        chosen = max(
            VARIANTS, key=lambda rule: worth(scored(made[rule])) + worth(scored(_others(real[rule], name)))
        )
        held += real[chosen][name]
        print(
            f"without {name}: days {chosen.days:.0f}, level {chosen.level_hours} h: {line(scored(real[chosen][name]))}"
        )
    if held:
        print(f"left out in turn, together: {line(scored(held))}", flush=True)
        for rule in VARIANTS:
            print(
                f"days {rule.days:.0f}, level {rule.level_hours} h: DATA {line(scored(_others(real[rule], '')))}"
            )
    for name, field, factor in _quarters() if "--quarters" in arguments else []:
        rule = msgspec.structs.replace(RULE, **{name: field})
        told = line(scored(found(worlds, rule)))
        beside = (
            line(scored(found([each for series in known.values() for each in moved(series)], rule)))
            if known
            else ""
        )
        print(f"{name} × {factor}: made-up {told}; DATA {beside}", flush=True)


def _others(by_name: dict[str, Found], name: str) -> Found:
    return [each for other, those in by_name.items() if other != name for each in those]


def _quarters() -> list[tuple[str, object, float]]:
    changed: list[tuple[str, object, float]] = []
    for name, value in msgspec.structs.asdict(RULE).items():
        for factor in (0.75, 1.25):
            if name == "horizons":
                changed.append((name, tuple(round(each * factor / 5) * 5 for each in value), factor))
            elif isinstance(value, tuple):
                changed.append((name, tuple(each * factor for each in value), factor))
            elif name != "block_hours":  # a block divides the day
                changed.append(
                    (name, round(value * factor) if isinstance(value, int) else value * factor, factor)
                )
    return changed


if __name__ == "__main__":
    main(sys.argv[1:])
