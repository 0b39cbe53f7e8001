"""``/studio/<handle>/results``: what came of it: from seen to clicked to ordered, and by link."""

from __future__ import annotations

from itertools import pairwise

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.insights.plots import writing
from majlis.studio.results import plot
from majlis.studio.results.funnel import LinkResult, Results, rate_from, results
from majlis.web import formats
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame
from majlis.web.studio.looking import days, file_of


@team(Permission.MEASURE, "GET")
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Results of some days."""
    looked = days(request, team, "results", at=now())
    found = results(team, window=looked.window)
    figures = [figure for _step, figure in found.funnel]
    return render(request, "web/studio/results.html", frame(
        team, "results", _("Results"), looked=looked, found=found, answer=_answer(found, looked.words),
        figures=figures, rates=[rate_from(each, before) for before, each in pairwise(figures)],
        busy=[link for link in found.links if _busy(link)], quiet=[link for link in found.links if not _busy(link)],
        plots=[plot.funnel(found, window=looked.window, zone=team.time_zone)],
        file=file_of(team, "NAME", days=looked.count), links_file=file_of(team, "links", days=looked.count),
    ))  # fmt: skip


def _busy(link: LinkResult) -> bool:
    """Whether there is more to tell of it than its name; a number that is hidden is one."""
    return link.clicks.value != 0 or link.orders.value != 0


def _answer(found: Results, words: str) -> str:
    orders = sum(int(link.orders.value or 0) for link in found.links)
    clicks = [int(link.clicks.value) for link in found.links if link.clicks.value is not None]
    if not found.links:
        return _(
            "No tracked link yet. With one in a post you see here who followed it, and what they ordered."
        )
    if not sum(clicks) and not orders:
        return _("Nothing that can be told of the last %(days)s yet.") % {"days": words}
    ordered = ngettext("%(count)s order", "%(count)s orders", orders) % {"count": formats.number(orders)}
    clicked = ngettext("%(count)s click", "%(count)s clicks", sum(clicks)) % {
        "count": formats.number(sum(clicks))
    }
    said = _("%(clicks)s on your links in the last %(days)s, and %(orders)s that came of them.") % {
        "clicks": clicked, "orders": ordered, "days": words,
    }  # fmt: skip
    best = max(
        (link for link in found.links if link.conversion_rate.value), key=lambda link: link.conversion_rate.value or 0,
        default=None,
    )  # fmt: skip
    if best is None:
        return said
    rate = writing.percent(float(best.conversion_rate.value or 0))
    turned = _("The best link turned %(share)s of its visits into orders.") % {"share": rate}
    return f"{said} {turned}"


urls: list[URLPattern] = [path("studio/<str:handle>/results", index)]
