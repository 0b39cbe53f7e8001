"""Campaigns: a goal, dates, posts, links, money and hours that belong together, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput, Refused
from majlis.core.paging import Page
from majlis.feeds.hydration import hydrate
from majlis.insights import windows
from majlis.insights.windows import Window
from majlis.studio import actions, queries
from majlis.studio.actions import Terms
from majlis.studio.actions.campaigns import GOALS, not_there
from majlis.studio.money import results
from majlis.studio.money.figures import of_part
from majlis.studio.promotion import queries as promotions
from majlis.studio.queries import Campaign
from majlis.web import formats
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import clock, promotion
from majlis.web.studio.chips import chips
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path
from majlis.web.studio.money_words import used

PART: Final = "campaigns"
_PROMOTIONS: Final = 80
_BEFORE: Final = timedelta(days=60)
"""So long before its first day work on a campaign is looked for."""
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")


@team(Permission.READ, "GET")
@in_page_time
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """All campaigns, those that run first."""
    found = queries.campaigns(team=page)
    running = sum(each.closed_at is None for each in found)
    answer = (
        ngettext("%(n)s campaign is open.", "%(n)s campaigns are open.", running)
        % {"n": formats.number(running)}
        if running
        else _("No campaign is open.")
    )
    context = frame(
        page,
        PART,
        _("Campaigns"),
        lines=[_line(page, each) for each in found],
        answer=answer,
        new_url=path(page.handle, "campaigns/new"),
        may_write=page.may(Permission.WRITE),
    )
    return render(request, "web/studio/campaigns.html", context)


def _line(page: OnTeam, each: Campaign) -> dict[str, Any]:
    return {
        "campaign": each,
        "url": path(page.handle, f"campaigns/{each.id}"),
        "goal": GOALS.get(each.goal, each.goal),
        "first": clock.date_words(each.starts_on),
        "last": clock.date_words(each.ends_on),
    }


@team(Permission.WRITE, "GET", "POST")
@in_page_time
def new(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """Begin a campaign."""
    if request.method != "POST":
        return _form(request, page, {})
    try:
        made = actions.make_campaign(team=page, terms=_terms(request.POST), at=now())
    except BadInput as error:
        return _form(request, page, request.POST, error=error)
    return goto(request, path(page.handle, f"campaigns/{made}"))


@team(Permission.WRITE, "GET", "POST")
@in_page_time
def change(request: HttpRequest, page: OnTeam, campaign_id: int) -> HttpResponse:
    """Change what a campaign is."""
    found = _one(page, campaign_id)
    if request.method != "POST":
        return _form(request, page, _typed(found), found=found)
    try:
        actions.change_campaign(team=page, campaign_id=campaign_id, terms=_terms(request.POST), at=now())
    except BadInput as error:
        return _form(request, page, request.POST, found=found, error=error)
    messages.success(request, _("Saved."))
    return goto(request, path(page.handle, f"campaigns/{campaign_id}"))


@team(Permission.READ, "GET")
@in_page_time
def campaign(request: HttpRequest, page: OnTeam, campaign_id: int) -> HttpResponse:
    """One campaign: what was meant, what is planned, what is out, and what it brought as far as that is known."""
    found = _one(page, campaign_id)
    context = frame(
        page,
        PART,
        found.name,
        back_url=path(page.handle, PART),
        line=_line(page, found),
        entries=chips(queries.of_campaign(team=page, campaign_id=campaign_id), page),
        answer=_answer(found, today=clock.today(now(), zone=page.time_zone)),
        campaign_url=path(page.handle, f"campaigns/{campaign_id}"),
        may_write=page.may(Permission.WRITE),
        **_promoted(page, found),
        **_money(page, found),
    )
    return render(request, "web/studio/campaign.html", context)


def _promoted(page: OnTeam, found: Campaign) -> dict[str, Any]:
    """Its promotions, for who may see what is measured: what each is and cost."""
    if not page.may(Permission.MEASURE):
        return {}
    at = now()
    listed = promotions.of_campaign(
        page_id=page.page_id, campaign_id=found.id, page=Page(limit=_PROMOTIONS)
    ).items
    batch = hydrate([each.post_id for each in listed], viewer=page.page_id)
    return {
        "promotions": [promotion.line(each, batch, page, at=at) for each in listed],
        "may_promote": page.may(Permission.PROMOTE) and not found.closed_at,
        "promotions_url": path(page.handle, f"promotion/new?campaign={found.id}"),
        "spent": sum((each.spent for each in listed), Decimal(0)),
    }


def _money(page: OnTeam, found: Campaign) -> dict[str, Any]:
    """What it took of what was planned, and what came back, for who keeps the money."""
    if not page.may(Permission.MONEY):
        return {}
    at = now()
    since = windows.midnight(found.starts_on - _BEFORE, zone=page.time_zone)
    result = results.part(
        page, window=Window(min(since, at), at + timedelta(minutes=1)), campaign_id=found.id
    )
    sums = result.sums
    spent = sums.cost - sums.hours_cost
    return {
        "figures": of_part(result),
        "used": used(
            hours=(sums.hours, found.hours_planned),
            money=(spent, found.budget, result.currency) if found.currency in ("", result.currency) else None,
        ),
    }  # fmt: skip


def _answer(found: Campaign, *, today: Any) -> str:
    """How far it is, as a sentence."""
    posts = ngettext(
        "%(out)s of %(all)s post is out", "%(out)s of %(all)s posts are out", found.planned + found.published
    ) % {
        "out": formats.number(found.published),
        "all": formats.number(found.planned + found.published),
    }
    if found.closed_at or today > found.ends_on:
        return _("It is over: %(posts)s.") % {"posts": posts}
    if today < found.starts_on:
        days = (found.starts_on - today).days
        begins = ngettext("It begins in %(n)s day", "It begins in %(n)s days", days) % {
            "n": formats.number(days)
        }
        return _("%(begins)s: %(posts)s.") % {"begins": begins, "posts": posts}
    days = (found.ends_on - today).days + 1
    lasts = ngettext("It runs for %(n)s more day", "It runs for %(n)s more days", days) % {
        "n": formats.number(days)
    }
    return _("%(lasts)s: %(posts)s.") % {"lasts": lasts, "posts": posts}


@team(Permission.WRITE, "POST")
def close(request: HttpRequest, page: OnTeam, campaign_id: int) -> HttpResponse:
    """A campaign is over, or goes on after all."""
    act = actions.reopen_campaign if request.POST.get("do") == "reopen" else actions.close_campaign
    act(team=page, campaign_id=campaign_id, at=now())
    return goto(request, path(page.handle, f"campaigns/{campaign_id}"))


def _one(page: OnTeam, campaign_id: int) -> Campaign:
    found = queries.campaigns(team=page, campaign_id=campaign_id)
    if not found:
        raise not_there()
    return found[0]


def _form(
    request: HttpRequest,
    page: OnTeam,
    typed: Mapping[str, Any],
    *,
    found: Campaign | None = None,
    error: Refused | None = None,
) -> HttpResponse:
    back = path(page.handle, f"campaigns/{found.id}" if found else PART)
    context = frame(
        page,
        PART,
        _("Change the campaign") if found else _("A new campaign"),
        back_url=back,
        typed=typed,
        goals=GOALS.items(),
        error=sentence_of(error) if error else "",
        wrong=error.field if error else "",
    )
    return render(request, "web/studio/campaign_form.html", context, status=error.status if error else 200)


def _typed(found: Campaign) -> dict[str, Any]:
    return {
        "name": found.name,
        "goal": found.goal,
        "target": "" if found.target is None else f"{found.target:f}",
        "audience": found.audience,
        "starts_on": found.starts_on.isoformat(),
        "ends_on": found.ends_on.isoformat(),
        "budget": f"{found.budget:f}",
        "currency": found.currency,
        "hours_planned": f"{found.hours_planned:f}",
        "notes": found.notes,
    }


def _terms(form: Mapping[str, Any]) -> Terms:
    starts, ends = clock.day_of(form.get("starts_on", "")), clock.day_of(form.get("ends_on", ""))
    if starts is None or ends is None:
        raise BadInput(
            gettext_lazy("Say when it begins and when it ends."),
            field="starts_on" if starts is None else "ends_on",
        )
    return Terms(
        name=form.get("name", ""),
        goal=form.get("goal", ""),
        target=_amount(form, "target"),
        audience=form.get("audience", ""),
        starts_on=starts,
        ends_on=ends,
        budget=_amount(form, "budget") or Decimal(0),
        currency=form.get("currency", "").strip(),
        hours_planned=_amount(form, "hours_planned") or Decimal(0),
        notes=form.get("notes", ""),
    )


def _amount(form: Mapping[str, Any], name: str) -> Decimal | None:
    typed = str(form.get(name, "")).translate(_DIGITS).replace("٬", "").replace(" ", "").strip()
    if not typed:
        return None
    try:
        found = Decimal(typed[:30])
    except InvalidOperation as error:
        raise BadInput(gettext_lazy("This is no number."), field=name) from error
    if not found.is_finite():
        raise BadInput(gettext_lazy("This is no number."), field=name)
    return found


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/campaigns", index),
    at_path("studio/<str:handle>/campaigns/new", new),
    at_path("studio/<str:handle>/campaigns/<id:campaign_id>", campaign),
    at_path("studio/<str:handle>/campaigns/<id:campaign_id>/change", change),
    at_path("studio/<str:handle>/campaigns/<id:campaign_id>/close", close),
]
