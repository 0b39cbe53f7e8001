"""Figure: one number, with its window, whom it counts, who says so, and how it was computed.

Invariant: a number of people leaves this API in no other form. What would tell of one to nine people is null, and
``hidden`` says that this is why.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import msgspec

from majlis.insights import figures
from majlis.insights.figures import Figure as FigureView
from majlis.insights.figures import Grade, Unit, Why
from majlis.insights.windows import Window as WindowView
from majlis.mastodon_api.described import Moment
from majlis.mastodon_api.entities.account import moment


class Window(msgspec.Struct, frozen=True):
    """From ``since`` (null: the beginning) up to ``until``, which is not in it."""

    since: Moment | None
    until: Moment


class Part(msgspec.Struct, frozen=True):
    """A number that went into another."""

    name: str
    value: int | Decimal | None


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One number. ``value`` null: it tells of one to nine people (``hidden``), or there is nothing yet. A share
    is of one: 0.12 is 12 %. Amounts are text. ``interval`` stands beside estimates alone."""

    name: str
    value: int | float | Decimal | None
    hidden: bool
    unit: Unit
    currency: str
    window: Window
    population: str
    grade: Grade
    formula: str
    parts: list[Part]
    interval: tuple[float, float] | None


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time, or a group, of a series."""

    name: str
    value: int | None
    hidden: bool
    window: Window | None = None


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of one kind, by time or by group. What is said of a figure is said of all of them."""

    name: str
    window: Window
    population: str
    grade: Grade
    formula: str
    points: list[Point]


def figure(view: FigureView) -> Figure:
    """A figure in the reader's language."""
    return Figure(
        name=str(view.name), value=view.value, hidden=view.why is Why.FEW, unit=view.unit, currency=view.currency,
        window=window(view.window), population=str(view.population), grade=view.grade, formula=str(view.formula),
        parts=[Part(str(each.name), each.value) for each in view.parts], interval=view.interval,
    )  # fmt: skip


def window(view: WindowView) -> Window:
    """A window."""
    return Window(moment(view.since) if view.since else None, moment(view.until))


def stretch(since: datetime, until: datetime) -> Window:
    """A stretch of time."""
    return Window(moment(since), moment(until))


def point(name: str, value: int | None, within: Window | None = None) -> Point:
    """A number of a series; None is hidden."""
    return Point(name=name, value=value, hidden=value is None, window=within)


def series(
    points: Iterable[Point],
    *,
    name: figures.Words,
    within: WindowView,
    population: figures.Words,
    formula: figures.Words,
    grade: Grade = Grade.EXACT,
) -> Series:
    """A series in the reader's language."""
    return Series(
        name=str(name), window=window(within), population=str(population), grade=grade, formula=str(formula),
        points=list(points),
    )  # fmt: skip
