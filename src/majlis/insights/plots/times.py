"""Plots over time. Time runs from left to right in both languages (docs/decisions); the axis of values stands where
the reader begins."""

from __future__ import annotations

import msgspec

from majlis.insights.plots import look, writing
from majlis.insights.plots.look import Spec

_TICKS = 5


class Point(msgspec.Struct, frozen=True):
    """A moment or stretch in words, what is drawn there (None: nothing that can be told), and in words."""

    at: str
    value: int | None
    said: str


def columns(points: list[Point], *, title: str) -> Spec | None:
    """A column for each stretch of time; those that cannot be told are left open."""
    return _over_time(
        points, title=title, mark={"type": "bar", "color": "--plot-1", "cornerRadiusEnd": 2}, zero=True
    )


def line(points: list[Point], *, title: str) -> Spec | None:
    """A line: a stock, not a flow, so its axis need not begin at nought."""
    mark: Spec = {"type": "line", "color": "--plot-1", "strokeWidth": 2.5, "interpolate": "step-after",
                  "point": {"color": "--plot-1", "size": 28, "filled": True}}  # fmt: skip
    return _over_time(points, title=title, mark=mark, zero=False)


def _over_time(points: list[Point], *, title: str, mark: Spec, zero: bool) -> Spec | None:
    if not any(point.value for point in points):
        return None
    rows = [{"at": writing.words(each.at), "value": each.value, "said": each.said} for each in points]
    every = max(1, -(-len(rows) // _TICKS))
    moments: Spec = {
        "field": "at", "type": "ordinal", "sort": None,
        "axis": {"title": None, "labelAngle": 0, "ticks": False, "values": [row["at"] for row in rows[::every]],
                 "labelOverlap": "greedy", "labelSeparation": 12},
        "scale": {"domain": [row["at"] for row in rows]},
    }  # fmt: skip
    values: Spec = {
        "field": "value", "type": "quantitative",
        "axis": {"title": writing.words(title), "orient": look.side(), "tickCount": 4, "domain": False,
                 "ticks": False, "tickMinStep": 1, "format": ",d", "titleAngle": 0, "titleAlign": _align(),
                 "titleAnchor": "end", "titleY": -14, "titleX": 0},
        "scale": {"zero": zero, "nice": True},
    }  # fmt: skip
    encoding = {"x": moments, "y": values, "description": {"field": "said", "type": "nominal"}}
    return look.spec(
        rows,
        height=220,
        mark=mark,
        encoding=encoding,
        padding={"top": 26, "left": 5, "right": 5, "bottom": 5},
    )


def _align() -> str:
    return "right" if writing.rtl() else "left"
