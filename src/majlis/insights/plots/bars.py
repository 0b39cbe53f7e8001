"""Plots of bars lying down: the ledger, sources, the funnel. They grow from where the reader begins."""

from __future__ import annotations

from typing import Any

import msgspec

from majlis.insights.plots import look, writing
from majlis.insights.plots.look import Spec

_LETTER, _BEFORE = 8, 10  # pixels: of a letter of 13, and before the label


class Bar(msgspec.Struct, frozen=True):
    """A name, how long, what is written at its end, in which colour."""

    name: str
    value: float
    label: str
    colour: str = "--plot-1"


def lying(bars: list[Bar]) -> Spec | None:
    """One bar below another, each with its number."""
    if not any(bar.value for bar in bars):
        return None
    rows = [
        {"name": writing.words(bar.name), "value": bar.value, "label": writing.words(bar.label), "colour": bar.colour,
         "said": f"{bar.name}: {bar.label}"}
        for bar in bars
    ]  # fmt: skip
    mirrored = writing.rtl()
    names: Spec = {
        "field": "name", "type": "nominal", "sort": None,
        "axis": {"title": None, "orient": look.side(), "domain": False, "ticks": False, "labelLimit": 170,
                 "labelColor": "--ink", "labelFontSize": 13},
    }  # fmt: skip
    lengths: Spec = {
        "field": "value", "type": "quantitative", "axis": None,
        "scale": {"reverse": mirrored, "domainMin": 0, "domainMax": _room(bars)},
    }  # fmt: skip
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "cornerRadius": 3, "height": {"band": 0.62}},
            "encoding": {
                "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
                "description": {"field": "said", "type": "nominal"},
            },
        },
        {
            "mark": {"type": "text", "align": "right" if mirrored else "left", "dx": -6 if mirrored else 6,
                     "color": "--ink", "fontSize": 13, "aria": False},
            "encoding": {"text": {"field": "label", "type": "nominal"}},
        },
    ]  # fmt: skip
    return look.spec(rows, height=34 * len(bars), encoding={"y": names, "x": lengths}, layer=layers)


def _room(bars: list[Bar]) -> Spec:
    """How far the scale goes, so that the longest bar has its label behind it on a phone as on a wide page. The label's
    pixels are a guess by its letters; no bar is made shorter than two fifths for it."""
    most, label = max(bar.value for bar in bars), max(len(bar.label) for bar in bars) * _LETTER + _BEFORE
    return {"expr": f"{most!r} * width / max(width - {label}, width * 0.4)"}
