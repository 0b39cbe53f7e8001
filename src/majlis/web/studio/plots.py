"""``/studio/<handle>/plots/<name>.<form>``: every plot and table as a file, through one door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import NotThere
from majlis.insights import windows
from majlis.insights.exports import csvs, drawings, xlsx
from majlis.insights.exports.sheet import Sheet
from majlis.insights.plots import audience as audience_plots
from majlis.insights.plots import posts as post_plots
from majlis.insights.plots.plot import Plot
from majlis.insights.reports.audience import audience
from majlis.insights.reports.post import post
from majlis.insights.reports.posts import Order, posts
from majlis.insights.windows import Window
from majlis.studio.results import plot as results_plots
from majlis.studio.results.funnel import results
from majlis.web.studio.doors import team

Asked = Callable[[HttpRequest, OnTeam, datetime], Plot | Sheet]
_TYPES: Final = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _of_post(draw: Callable[..., Plot]) -> Asked:
    def asked(request: HttpRequest, team: OnTeam, at: datetime) -> Plot:
        text = request.GET.get("post", "")
        found = post(
            team, post_id=int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0, at=at
        )
        return draw(found, window=Window(found.appeared_at, at), zone=team.time_zone)

    return asked


def _of_audience(draw: Callable[..., Plot]) -> Asked:
    def asked(request: HttpRequest, team: OnTeam, at: datetime) -> Plot:
        window = _window(request, team, at)
        return draw(audience(team, window=window), window=window, zone=team.time_zone)

    return asked


def _of_results(draw: Callable[..., Plot | Sheet]) -> Asked:
    def asked(request: HttpRequest, team: OnTeam, at: datetime) -> Plot | Sheet:
        window = _window(request, team, at)
        return draw(results(team, window=window), window=window, zone=team.time_zone)

    return asked


def _posts(request: HttpRequest, team: OnTeam, at: datetime) -> Sheet:
    window = _window(request, team, at)
    found = posts(team, window=window, order=Order.asked(request.GET.get("sort", "")))
    return post_plots.table(found, window=window, zone=team.time_zone)


def _window(request: HttpRequest, team: OnTeam, at: datetime) -> Window:
    return windows.last_days(windows.chosen(request.GET.get("days", "")), at=at, zone=team.time_zone)


FILES: Final[Mapping[str, Asked]] = {
    "ledger": _of_post(post_plots.ledger),
    "hours": _of_post(post_plots.hours),
    "sources": _of_post(post_plots.sources),
    "followers": _of_audience(audience_plots.followers),
    "languages": _of_audience(audience_plots.languages),
    "opened": _of_audience(audience_plots.opened),
    "funnel": _of_results(results_plots.funnel),
    "links": _of_results(results_plots.links),
    "posts": _posts,
}


@team(Permission.MEASURE, "GET")
def file(request: HttpRequest, team: OnTeam, name: str, form: str) -> HttpResponse:
    """A plot as a picture, or its numbers as a table."""
    if name not in FILES:
        raise NotThere(_("There is no such file."))
    at = now()
    return written(team, FILES[name](request, team, at), name=name, form=form, at=at)


def written(team: OnTeam, found: Plot | Sheet, *, name: str, form: str, at: datetime) -> HttpResponse:
    """A plot or table as a file to keep.

    Raises:
        NotThere: no such form, or there is nothing to draw.
    """
    if form not in _TYPES:
        raise NotThere(_("There is no such file."))
    response = HttpResponse(_written(found, form), content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{team.handle}-{name}-{at:%Y-%m-%d}.{form}"'
    return response


def _written(found: Plot | Sheet, form: str) -> bytes:
    sheet = found.sheet if isinstance(found, Plot) else found
    if form == "csv":
        return csvs.written(sheet)
    if form == "xlsx":
        return xlsx.written(sheet, rtl=get_language_bidi())
    if not isinstance(found, Plot) or found.spec is None:
        raise NotThere(_("There is nothing to draw yet."))
    return drawings.drawn(found.spec, form="svg" if form == "svg" else "png")


urls: list[URLPattern] = [path("studio/<str:handle>/plots/<slug:name>.<slug:form>", file)]
