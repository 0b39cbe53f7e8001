"""``/studio/<handle>/links``: tracked links, what came of them, and which links of a planned post are tracked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import addresses
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.studio import access, moments
from majlis.studio.experiments import link_tests
from majlis.studio.links import actions, queries, tracking
from majlis.studio.links.actions import OwnLink, Utm
from majlis.studio.links.queries import LinkNumbers
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import clock, qr
from majlis.web.studio.doors import team
from majlis.web.studio.frame import path as studio_path
from majlis.web.studio.measured import Window, measured_frame, money, summed, window, window_tabs

AT_ONCE = 50
_UTM = ("source", "medium", "campaign", "content")


@team(Permission.MEASURE, "GET", "POST", changing=Permission.TRACK)
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """All links with their clicks and orders; a form for a new one."""
    if request.method == "POST":
        try:
            made = actions.make_link(
                team, target=request.POST.get("target", ""), label=request.POST.get("label", ""),
                utm=_utm(request), at=now(),
            )  # fmt: skip
        except BadInput as error:
            return _index(request, team, status=error.status, wrong=sentence_of(error), field=error.field)
        messages.success(request, _("The link is there. Put it wherever you post."))
        return goto(request, f"{studio_path(team.handle, 'links')}/{made.id}")
    return _index(request, team)


def _index(request: HttpRequest, team: OnTeam, *, status: int = 200, **typed: Any) -> HttpResponse:
    before = request.GET.get("before", "")
    chosen = window(request, team, at=now())
    found = queries.links(
        team, before=int(before) if before.isdecimal() and len(before) < 19 else None, limit=AT_ONCE + 1
    )
    rows = _rows(found[:AT_ONCE], chosen)
    context = {
        "rows": rows,
        "older": found[AT_ONCE - 1].id if len(found) > AT_ONCE else None,
        "clicks": sum(row["numbers"].clicks for row in rows),
        "orders": sum(row["numbers"].orders for row in rows),
        "values": summed((each.currency, each.value) for row in rows for each in row["numbers"].money),
        "window": chosen,
        "windows": window_tabs(request, chosen),
        "typed": request.POST,
        **typed,
    }
    title = _("Links and orders")
    return render(
        request, "web/studio/links/index.html", measured_frame(team, "links", title, **context), status=status
    )


def _rows(found: Sequence[OwnLink], chosen: Window) -> list[dict[str, Any]]:
    numbers = queries.numbers([link.id for link in found], since=chosen.since, until=chosen.until)
    nothing = LinkNumbers()
    return [
        {
            "link": link,
            "numbers": (of_it := numbers.get(link.id, nothing)),
            "values": summed((each.currency, each.value) for each in of_it.money),
        }
        for link in found
    ]


@team(Permission.MEASURE, "GET")
def one(request: HttpRequest, team: OnTeam, link_id: int) -> HttpResponse:
    """One link: where it leads, its code to print, clicks by day, orders."""
    return _one(request, team, link_id)


def _one(
    request: HttpRequest, team: OnTeam, link_id: int, *, status: int = 200, **typed: Any
) -> HttpResponse:
    chosen = window(request, team, at=now())
    link = queries.link(team, link_id=link_id)
    numbers = queries.numbers([link.id], since=chosen.since, until=chosen.until).get(link.id, LinkNumbers())
    days = _days(team, link, chosen) if numbers.clicks else []
    context = {
        "link": link,
        "numbers": numbers,
        "money": [
            {"of": each, "value": money(each.value, each.currency)} for each in numbers.money if each.currency
        ],
        "days": days,
        "width": len(days) * 4,
        "post_url": addresses.post_url(team.handle, link.post_id) if link.post_id else "",
        "window": chosen,
        "windows": window_tabs(request, chosen),
        "typed": request.POST or _typed(link),
        "back_url": studio_path(team.handle, "links"),
        **_tests(team, link),
        **typed,
    }
    title = link.label or _("A link to %(host)s") % {"host": link.shown_host}
    page = measured_frame(team, "links", title, **context)
    return render(request, "web/studio/links/link.html", page, status=status)


def _tests(team: OnTeam, link: OwnLink) -> dict[str, Any]:
    """What was tried with its target: each test with what it says; the address that a new one is begun at."""
    at = now()
    found = link_tests.of_link(team, link_id=link.id)
    usual = moments.on_the_wall(at + timedelta(days=7), zone=team.time_zone)
    return {
        "tests": [{"test": each, "said": link_tests.report(each, at=at)} for each in found],
        "test_runs": any(each.ended_at is None for each in found),
        "test_url": f"{studio_path(team.handle, 'links')}/{link.id}/test",
        "test_ends": usual.strftime("%Y-%m-%dT%H:%M"),
        "time_zone": team.time_zone,
    }


@team(Permission.TRACK, "POST")
def test(request: HttpRequest, team: OnTeam, link_id: int) -> HttpResponse:
    """Lead half of its clicks to another target."""
    try:
        ends = clock.moment_of(request.POST.get("ends_at", ""), zone=team.time_zone)
        link_tests.start(
            team, link_id=link_id, target_b=request.POST.get("target_b", ""), ends_at=ends, at=now()
        )
    except BadInput as error:
        return _one(request, team, link_id, status=error.status, test_wrong=sentence_of(error))
    messages.success(request, _("From now on half of the clicks, by lot, lead to the other target."))
    return goto(request, f"{studio_path(team.handle, 'links')}/{link_id}")


@team(Permission.TRACK, "POST")
def stop_test(request: HttpRequest, team: OnTeam, link_id: int) -> HttpResponse:
    """End a test of its target."""
    link_tests.stop(team, link_id=link_id, chosen=request.POST.get("chosen", ""), at=now())
    messages.success(request, _("It is over."))
    return goto(request, f"{studio_path(team.handle, 'links')}/{link_id}")


def _days(team: OnTeam, link: OwnLink, chosen: Window) -> list[dict[str, Any]]:
    """Every day of the window, for bars: how high each is, of 40."""
    counts = dict(queries.clicks_by_day(team, link_id=link.id, since=chosen.since, until=chosen.until))
    most = max(counts.values(), default=0)
    last = timezone.localdate(chosen.until, timezone=ZoneInfo(team.time_zone))
    days = [last - timedelta(days=back) for back in range(min(chosen.days, 90) - 1, -1, -1)]
    return [
        {
            "day": day,
            "count": (count := counts.get(day, 0)),
            "x": place * 4,
            "height": (high := _height(count, most)),
            "y": 40 - high,
        }
        for place, day in enumerate(days)
    ]


def _height(count: int, most: int) -> int:
    return max(2, round(40 * count / most)) if count else 0


@team(Permission.TRACK, "POST")
def change(request: HttpRequest, team: OnTeam, link_id: int) -> HttpResponse:
    """Another address, name or parameters under the same code."""
    try:
        actions.change_link(
            team, link_id=link_id, target=request.POST.get("target", ""), label=request.POST.get("label", ""),
            utm=_utm(request), at=now(),
        )  # fmt: skip
    except BadInput as error:
        return _one(request, team, link_id, status=error.status, wrong=sentence_of(error), field=error.field)
    messages.success(request, _("Saved."))
    return goto(request, f"{studio_path(team.handle, 'links')}/{link_id}")


@team(Permission.TRACK, "POST")
def retire(request: HttpRequest, team: OnTeam, link_id: int) -> HttpResponse:
    """End a link."""
    actions.retire_link(team, link_id=link_id, at=now())
    messages.success(request, _("The link leads nowhere any more. What was counted stays."))
    return goto(request, f"{studio_path(team.handle, 'links')}/{link_id}")


@team(Permission.MEASURE, "GET")
def qr_code(request: HttpRequest, team: OnTeam, link_id: int) -> HttpResponse:
    """The link as a QR code, for paper."""
    link = queries.link(team, link_id=link_id)
    response = HttpResponse(qr.svg(link.url), content_type="image/svg+xml")
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{link.code}.svg"'
    return response


@team(Permission.READ, "GET", "POST", changing=Permission.TRACK)
def of_post(request: HttpRequest, team: OnTeam, entry_id: int) -> HttpResponse:
    """Which links of a planned post are tracked."""
    entry = access.entry(team=team, entry_id=entry_id)
    content = entry.content
    found = [link for text in content.texts for link in tracking.trackable(text)]
    if request.method == "POST":
        asked = set(request.POST.getlist("url"))
        urls = [link.url for link in found if link.url in asked]
        tracking.links_for_entry(team, entry_id=entry_id, urls=urls, at=now())
        messages.success(request, _("Saved. They are put in when the post leaves."))
        return goto(request, request.path)
    chosen = tracking.chosen_urls(team, entry_id=entry_id, links=found)
    page = measured_frame(
        team,
        "links",
        _("Links in this post"),
        found=[{"url": link.url, "text": link.text, "chosen": link.url in chosen} for link in found],
        entry_id=entry_id,
        published=entry.post_id is not None,
        back_url=studio_path(team.handle, "links"),
    )
    return render(request, "web/studio/links/post.html", page)


def _utm(request: HttpRequest) -> Utm:
    return Utm(**{name: request.POST.get(f"utm_{name}", "") for name in _UTM})


def _typed(link: OwnLink) -> Mapping[str, str]:
    return {"target": link.target, "label": link.label} | {
        f"utm_{name}": getattr(link.utm, name) for name in _UTM
    }


urls: list[URLPattern] = [
    path("studio/<str:handle>/links", index),
    path("studio/<str:handle>/links/<id:link_id>", one),
    path("studio/<str:handle>/links/<id:link_id>/change", change),
    path("studio/<str:handle>/links/<id:link_id>/retire", retire),
    path("studio/<str:handle>/links/<id:link_id>/test", test),
    path("studio/<str:handle>/links/<id:link_id>/test/stop", stop_test),
    path("studio/<str:handle>/links/<id:link_id>/qr.svg", qr_code),
    path("studio/<str:handle>/links/posts/<id:entry_id>", of_post),
]
