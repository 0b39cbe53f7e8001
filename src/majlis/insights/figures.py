"""A number that can be shown: with its window, its population, its grade, and how it was computed.

Invariant: there is no other way from a count to a page. A figure that cannot be told has no value but a reason:
nothing to divide by yet, or it would tell of one to nine people.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

import msgspec
from django.utils.functional import Promise

from majlis.insights.floor import too_few
from majlis.insights.kinds import FEWEST_SHOWN
from majlis.insights.windows import Window

Words = str | Promise


class Grade(StrEnum):
    """Who says so."""

    EXACT = "exact"  # our own log
    REPORTED = "reported"  # somebody else's word
    ESTIMATED = "estimated"  # a model: an interval stands beside it


class Unit(StrEnum):
    """What kind of number it is."""

    COUNT = "count"
    SHARE = "share"  # of one: 0.12 is 12 %
    TIMES = "times"  # how often on average
    MONEY = "money"


class Why(StrEnum):
    """Why there is no number."""

    NOTHING_YET = "nothing_yet"
    FEW = "few"


class Part(msgspec.Struct, frozen=True):
    """A number that went into another; None: it cannot be shown."""

    name: Words
    value: int | Decimal | None


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One number, or why there is none."""

    name: Words
    value: int | float | Decimal | None
    why: Why | None = None
    unit: Unit = Unit.COUNT
    window: Window
    population: Words
    grade: Grade = Grade.EXACT
    formula: Words
    parts: tuple[Part, ...] = ()
    interval: tuple[float, float] | None = None
    currency: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) == (self.why is None):
            raise ValueError("a figure has a value or a reason")
        if (self.grade == Grade.ESTIMATED) != (self.interval is not None):
            raise ValueError("an estimate stands with its interval, and only an estimate")


def count(
    number: int | None,
    *,
    name: Words,
    window: Window,
    population: Words,
    formula: Words,
    of_people: bool = True,
    grade: Grade = Grade.EXACT,
    parts: Sequence[Part] = (),
) -> Figure:
    """How many. ``of_people``: it tells of members, so one to nine are not shown; None is hidden already."""
    few = number is None or (of_people and too_few(number))
    return Figure(
        name=name, value=None if few else number, why=Why.FEW if few else None, window=window,
        population=population, formula=formula, grade=grade, parts=() if few else tuple(parts),
    )  # fmt: skip


def share(
    part: Part,
    whole: Part,
    *,
    name: Words,
    window: Window,
    population: Words,
    formula: Words,
    unit: Unit = Unit.SHARE,
    grade: Grade = Grade.EXACT,
    known_part: bool = False,
) -> Figure:
    """``part`` ÷ ``whole``. Of nobody there is no share yet; of a group under ten, or about one, none is shown.
    ``known_part``: the business has it from elsewhere (its own orders), so only the whole is looked at."""
    safe = (
        Part(part.name, part.value if known_part or not _few(part.value) else None),
        Part(whole.name, None if _few(whole.value) else whole.value),
    )
    value, why = _divided(part.value, whole.value, known_part=known_part)
    return Figure(
        name=name, value=value, why=why, unit=unit, window=window, population=population, formula=formula,
        grade=grade, parts=safe,
    )  # fmt: skip


def _few(value: int | Decimal | None) -> bool:
    return value is None or 0 < value < FEWEST_SHOWN


def _divided(
    part: int | Decimal | None, whole: int | Decimal | None, *, known_part: bool
) -> tuple[float | None, Why | None]:
    if whole is not None and whole <= 0:
        return None, Why.NOTHING_YET
    if part is None or whole is None or _few(whole):
        return None, Why.FEW
    if not known_part and (_few(part) or 0 < whole - part < FEWEST_SHOWN):
        return None, Why.FEW
    return float(part) / float(whole), None
