"""``/studio/<handle>/money/files/<name>.<form>``: the tables and plots of money as files, through one door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import NotThere
from majlis.insights import windows
from majlis.insights.exports.sheet import Sheet
from majlis.insights.plots.plot import Plot
from majlis.insights.windows import Window
from majlis.studio.money import comparing, costs, hours, results, sheets
from majlis.studio.money.results import Result
from majlis.web.studio import clock, plots
from majlis.web.studio.doors import team
from majlis.web.studio.frame import ROLES
from majlis.web.studio.money import attribution, shown

_YEARS: Final = timedelta(days=3660)

Asked = Callable[[HttpRequest, OnTeam, datetime], Plot | Sheet]


def _result(request: HttpRequest, team: OnTeam, at: datetime) -> Result:
    month = shown.month_of(request.GET.get("month", ""), team, at=at)
    return results.result(team, window=shown.so_far(team, month, at=at))


def _month(request: HttpRequest, team: OnTeam, at: datetime) -> Sheet:
    return sheets.month(_result(request, team, at), zone=team.time_zone)


def _weeks(request: HttpRequest, team: OnTeam, at: datetime) -> Plot:
    return sheets.weeks(_result(request, team, at), zone=team.time_zone)


def _posts(request: HttpRequest, team: OnTeam, at: datetime) -> Sheet:
    found = _result(request, team, at)
    names = shown.post_names(team, (line.key for line in found.posts if line.key))
    return sheets.posts(found, names, zone=team.time_zone)


def _campaigns(request: HttpRequest, team: OnTeam, at: datetime) -> Sheet:
    return sheets.campaigns(_result(request, team, at), shown.campaign_names(team), zone=team.time_zone)


def _costs(request: HttpRequest, team: OnTeam, at: datetime) -> Sheet:
    today = clock.today(at, zone=team.time_zone)
    found = costs.costs(team, first=today - _YEARS, last=today + _YEARS)
    return sheets.costs(found, shown.campaign_names(team), kinds=shown.KINDS)


def _days(request: HttpRequest, team: OnTeam, at: datetime) -> Window:
    return windows.last_days(windows.chosen(request.GET.get("days", "")), at=at, zone=team.time_zone)


def _attribution(request: HttpRequest, team: OnTeam, at: datetime) -> Plot:
    found, names = attribution.compared(request, team, _days(request, team, at))
    return comparing.plot(found, names, zone=team.time_zone)


def _worth(request: HttpRequest, team: OnTeam, at: datetime) -> Sheet:
    found, names = attribution.compared(request, team, _days(request, team, at))
    return comparing.worth(found, names, zone=team.time_zone)


def _hours(request: HttpRequest, team: OnTeam, at: datetime) -> Sheet:
    window = _days(request, team, at)
    found = hours.of_team(team, window=window)
    return sheets.team_hours(found, roles=ROLES, places=shown.PLACES, window=window, zone=team.time_zone)


FILES: Final[Mapping[str, Asked]] = {
    "month": _month,
    "weeks": _weeks,
    "posts": _posts,
    "campaigns": _campaigns,
    "costs": _costs,
    "hours": _hours,
    "attribution": _attribution,
    "attribution-worth": _worth,
}


@team(Permission.MONEY, "GET")
def file(request: HttpRequest, team: OnTeam, name: str, form: str) -> HttpResponse:
    """A plot as a picture, or its numbers as a table."""
    if name not in FILES:
        raise NotThere(_("There is no such file."))
    at = now()
    found = FILES[name](request, team, at)
    return plots.written(team, found, name=f"money-{name}", form=form, at=at)


urls: list[URLPattern] = [path("studio/<str:handle>/money/files/<slug:name>.<slug:form>", file)]
