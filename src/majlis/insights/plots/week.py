"""The week as a carpet: a row for each day, a column for each hour, the darker the more."""

from __future__ import annotations

from collections.abc import Mapping

from majlis.insights.plots import look, writing
from majlis.insights.plots.look import Spec


def carpet(
    counts: Mapping[tuple[int, int], int | None], *, hours: int, said: Mapping[tuple[int, int], str]
) -> Spec | None:
    """``counts`` by day (Monday is 1) and hour; None is drawn in the colour of what is not known."""
    if not any(counts.values()):
        return None
    days = writing.weekdays()
    rows = [
        {"day": writing.words(name), "hour": f"{hour:02}", "value": counts.get((weekday, hour), 0) or 0,
         "few": counts.get((weekday, hour), 0) is None, "said": said[weekday, hour]}
        for weekday, name in days for hour in range(0, 24, hours)
    ]  # fmt: skip
    encoding: Spec = {
        "x": {"field": "hour", "type": "ordinal", "axis": {
            "title": None, "labelAngle": 0, "ticks": False, "domain": False,
            "values": [f"{hour:02}" for hour in range(0, 24, max(hours, 3))]}},
        "y": {"field": "day", "type": "ordinal", "sort": None, "axis": {
            "title": None, "orient": look.side(), "ticks": False, "domain": False, "labelColor": "--ink"}},
        "opacity": {"condition": {"test": "datum.few", "value": 0.45}, "field": "value", "type": "quantitative",
                    "legend": None, "scale": {"domainMin": 0, "range": [0.06, 1], "type": "sqrt"}},
        "color": {"condition": {"test": "datum.few", "value": "--plot-6"}, "value": "--plot-1"},
        "description": {"field": "said", "type": "nominal"},
    }  # fmt: skip
    return look.spec(rows, height=7 * 30, mark={"type": "rect", "cornerRadius": 3, "stroke": "--surface",
                                               "strokeWidth": 2}, encoding=encoding)  # fmt: skip
