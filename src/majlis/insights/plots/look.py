"""How plots look. Colours are names of the house's style sheet, so that the dark is dark on the page; a file, which
does not know where it will lie, gets those of the light."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from majlis.insights.plots import writing

Spec = dict[str, Any]
SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
LIGHT: Final[Mapping[str, str]] = {
    "--surface": "#fffdfa",
    "--ink": "#231c15",
    "--quiet": "#51473c",
    "--line": "#e4dbce",
    "--accent": "#8f3513",
    "--plot-1": "#8f3513",
    "--plot-2": "#c9744a",
    "--plot-3": "#d9a441",
    "--plot-4": "#7d5a8c",
    "--plot-5": "#9b8f80",
    "--plot-6": "#cdc2b2",
}
_FONT: Final = "Noto Sans Arabic, Segoe UI, Noto Sans, DejaVu Sans, sans-serif"
WIDTH: Final = 720


def spec(data: list[dict[str, Any]], *, height: int, **rest: Any) -> Spec:
    """A specification on these rows. As wide as what it stands in."""
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "background": None,
        "data": {"values": data},
        "config": _config(),
        **rest,
    }


def side() -> str:
    """Where the axis of values stands: where the reader begins."""
    return "right" if writing.rtl() else "left"


def _config() -> Spec:
    text = {"labelColor": "--quiet", "titleColor": "--quiet", "labelFontSize": 12, "titleFontSize": 12,
            "titleFontWeight": "normal"}  # fmt: skip
    return {
        "font": _FONT,
        "view": {"stroke": None},
        "axis": text
        | {
            "gridColor": "--line",
            "domainColor": "--line",
            "tickColor": "--line",
            "labelPadding": 6,
            "aria": False,
        },
        "legend": text | {"orient": "top", "title": None, "symbolType": "square"},
        "header": text,
    }


def for_file(drawn: Spec) -> Spec:
    """The same for a file: of one width, on the ground of the house, colours in place of their names."""
    fixed = drawn | {"width": WIDTH, "background": "--surface", "padding": 16}
    fixed.pop("autosize")
    return {key: _painted(value) for key, value in fixed.items()}


def _painted(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _painted(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_painted(each) for each in part]
    return LIGHT.get(part, part) if isinstance(part, str) else part
