"""``/studio/<handle>/audience``: who follows, counted; when they are here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.insights.plots import audience as plots
from majlis.insights.reports.audience import Audience, audience
from majlis.web import formats
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame
from majlis.web.studio.looking import days, file_of


@team(Permission.MEASURE, "GET")
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """The audience over some days."""
    looked = days(request, team, "audience", at=now())
    found = audience(team, window=looked.window)
    drawn = [
        draw(found, window=looked.window, zone=team.time_zone)
        for draw in (plots.followers, plots.opened, plots.languages)
    ]
    return render(request, "web/studio/audience.html", frame(
        team, "audience", _("Audience"), looked=looked, found=found, answer=_answer(found, looked.words),
        plots=drawn, file=file_of(team, "NAME", days=looked.count),
    ))  # fmt: skip


def _answer(found: Audience, words: str) -> str:
    now_, change = int(found.followers.value or 0), int(found.change.value or 0)
    if not now_ and not change:
        return _("Nobody follows you yet. Who does from now on is counted here.")
    many = ngettext("%(count)s follower.", "%(count)s followers.", now_) % {"count": formats.number(now_)}
    if not change:
        moved = _("As many as %(days)s ago.") % {"days": words}
    elif change > 0:
        moved = _("%(count)s more than %(days)s ago.") % {"count": formats.number(change), "days": words}
    else:
        moved = _("%(count)s fewer than %(days)s ago.") % {"count": formats.number(-change), "days": words}
    if found.busiest is None:
        return f"{many} {moved}"
    here = _("They open their feeds most on %(slot)s.") % {
        "slot": plots.slot_in_words(found.busiest, hours=found.slot_hours)
    }
    return f"{many} {moved} {here}"


urls: list[URLPattern] = [path("studio/<str:handle>/audience", index)]
