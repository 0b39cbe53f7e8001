"""``/studio/<handle>/posts``: whom each post reached; ``…/posts/<id>``: one post, and why the rest did not see it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.insights.plots import posts as plots
from majlis.insights.plots import writing
from majlis.insights.reports.post import OnePost, post
from majlis.insights.reports.posts import MOST, Order, PostReport, posts
from majlis.insights.windows import Window
from majlis.studio.planning import forecasts, words
from majlis.web import formats
from majlis.web.faces import Shown
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame
from majlis.web.studio.frame import path as studio_path
from majlis.web.studio.looking import Choice, days, file_of

_SHORT = 160


@dataclass(slots=True)
class Row(Shown):
    """A post in the list."""

    url: str
    text: str
    when: str
    report: PostReport


@dataclass(slots=True)
class Score(Shown):
    """What was expected of it and came; ``held`` None: not known yet."""

    held: bool | None
    sentence: str


@team(Permission.MEASURE, "GET")
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """The posts of some days, each with its reach."""
    order = Order.asked(request.GET.get("sort", ""))
    looked = days(request, team, "posts", at=now(), sort=order.value)
    found = posts(team, window=looked.window, order=order)
    return render(request, "web/studio/posts.html", frame(
        team, "posts", _("Posts"), looked=looked, answer=_answer(found, looked.words),
        rows=[_row(each, team) for each in found],
        sorts=[Choice(f"?days={looked.count}&sort={each}", label, each == order) for each, label in _orders().items()],
        full=len(found) == MOST, file=file_of(team, "posts", days=looked.count, sort=order.value),
    ))  # fmt: skip


@team(Permission.MEASURE, "GET")
def one(request: HttpRequest, team: OnTeam, post_id: int) -> HttpResponse:
    """One post."""
    at = now()
    found = post(team, post_id=post_id, at=at)
    window = Window(found.appeared_at, at)
    drawn = [
        draw(found, window=window, zone=team.time_zone) for draw in (plots.ledger, plots.hours, plots.sources)
    ]
    kept = forecasts.of_post(team, post_id=post_id)
    return render(request, "web/studio/post.html", frame(
        team, "posts", _("One post"), back_url=studio_path(team.handle, "posts"), found=found, plots=drawn,
        text=shortened(found.title or found.text), answer=sentence(found, zone=team.time_zone),
        file=file_of(team, "NAME", post=found.id), scores=[Score(each.held, words.score(each)) for each in kept],
        made_of=words.made_of(kept[0].expected) if kept else "",
        calibration_url=studio_path(team.handle, "plan/calibration"),
    ))  # fmt: skip


def sentence(found: OnePost, *, zone: str) -> str:
    """The ledger as a sentence: how many could have seen it, which share did."""
    when = writing.moment(found.appeared_at, zone=zone)
    eligible, followers = found.ledger.eligible, found.followers
    if followers == 0:
        return _("Nobody followed you yet when it appeared on %(when)s, so there is no reach to tell.") % {
            "when": when
        }
    if eligible == 0:
        return _(
            "It was for no follower of yours when it appeared on %(when)s, so there is no reach to tell."
        ) % {"when": when}
    if eligible is None:
        return _(
            "It appeared on %(when)s for fewer than ten followers. Of so few people no numbers are shown."
        ) % {"when": when}
    if followers is None or followers == eligible:
        could = ngettext(
            "Your %(count)s follower could have seen it when it appeared on %(when)s.",
            "All of your %(count)s followers could have seen it when it appeared on %(when)s.",
            eligible,
        ) % {"count": formats.number(eligible), "when": when}
    else:
        could = ngettext(
            "%(count)s of your %(all)s followers could have seen it when it appeared on %(when)s.",
            "%(count)s of your %(all)s followers could have seen it when it appeared on %(when)s.",
            eligible,
        ) % {"count": formats.number(eligible), "all": formats.number(followers), "when": when}
    rate = found.figures["seen_rate"].value
    if rate is None:
        hidden = _("How many did is not shown: it would tell of fewer than ten people.")
        return f"{could} {hidden}"
    did = _("%(share)s did. Here is why the rest did not.") % {"share": writing.percent(float(rate))}
    return f"{could} {did}"


def shortened(text: str) -> str:
    """The beginning of a post, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[:_SHORT].rsplit(' ', 1)[0]}…"


def _row(found: PostReport, team: OnTeam) -> Row:
    address = studio_path(team.handle, f"posts/{found.id}")
    when = writing.moment(found.appeared_at, zone=team.time_zone)
    return Row(address, shortened(found.title or found.text), when, found)


def _answer(found: list[PostReport], words: str) -> str:
    if not found:
        return _("No post in the last %(days)s.") % {"days": words}
    said = ngettext(
        "%(count)s post in the last %(days)s.", "%(count)s posts in the last %(days)s.", len(found)
    ) % {"count": formats.number(len(found)), "days": words}
    rates = [float(each.seen_rate.value) for each in found if each.seen_rate.value is not None]
    if not rates:
        unknown = _("Not enough yet to say how many of your followers see them.")
        return f"{said} {unknown}"
    middle = _("Half of them were seen by %(share)s of your followers or more; the best by %(best)s.") % {
        "share": writing.percent(median(rates)), "best": writing.percent(max(rates)),
    }  # fmt: skip
    return f"{said} {middle}"


def _orders() -> dict[Order, str]:
    return {
        Order.NEWEST: pgettext("order of posts", "Newest"),
        Order.REACH: pgettext("order of posts", "Most seen"),
        Order.ENGAGEMENT: pgettext("order of posts", "Most engaging"),
    }


urls: list[URLPattern] = [
    path("studio/<str:handle>/posts", index),
    path("studio/<str:handle>/posts/<int:post_id>", one),
]
