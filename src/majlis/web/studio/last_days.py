"""Figures on the page of today: the last seven days in three numbers and a line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.insights import windows
from majlis.insights.reports.growth import growth
from majlis.insights.reports.overview import overview
from majlis.web.studio.frame import path

_DAYS = 7


def last_days(team: OnTeam, *, at: datetime) -> dict[str, Any] | None:
    """For who may measure; nothing before anybody follows the page or was reached."""
    if not team.may(Permission.MEASURE):
        return None
    window = windows.last_days(_DAYS, at=at, zone=team.time_zone)
    figures, found = overview(team, window=window).glance, growth(team, window=window)
    if not found.followers.value and not any(each.value for each in figures):
        return None
    return {
        "template": "web/studio/today/last_days.html",
        "figures": [*figures, found.followers],
        "followers": [step.followers for step in found.steps],
        "zone": team.time_zone,
        "posts_url": path(team.handle, "posts"),
        "audience_url": path(team.handle, "audience"),
    }
