"""Plots of bars lying down: the ledger, sources, the funnel. They grow from where the reader begins."""

from __future__ import annotations

from typing import Any

import msgspec

from majlis.insights.plots import look, writing
from majlis.insights.plots.look import Spec


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
        # room for the number at the end of the longest
        "scale": {"reverse": mirrored, "domainMin": 0, "domainMax": max(bar.value for bar in bars) * 1.45},
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
