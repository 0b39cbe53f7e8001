"""What a post is expected to come to: beside the form of an entry, on the page of a post, and how well that held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.insights.plots import writing
from majlis.posts.composing import PollParams, PostParams
from majlis.studio.planning import forecasts, sheets, words
from majlis.studio.planning.forecasts import Calibration, Expected, Kept
from majlis.web.faces import Shown
from majlis.web.studio import clock
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path
from majlis.web.studio.looking import file_of

PART = "plan"


@dataclass(slots=True)
class Line(Shown):
    """An outcome in words."""

    name: str
    range: str
    middle: int | None


def told(said: list[Expected], *, page: OnTeam) -> dict[str, Any]:
    """What the form shows of an expectation."""
    return {
        "expected": {
            "sentence": words.expected(said) if said else "",
            "made_of": words.made_of(said[0]) if said else "",
            "lines": [
                Line(str(words.OUTCOMES[each.outcome]), words.range_words(each), each.middle if each.middle > 9 else None)
                for each in said
            ],
            "formula": words.FORMULA,
            "population": words.POPULATION,
            "for_few": not said,
        },
        "expected_url": path(page.handle, "entries/expected"),
        "calibration_url": path(page.handle, "plan/calibration"),
    }  # fmt: skip


def beside(page: OnTeam, params: PostParams, *, due: datetime | None, photos: bool = False) -> dict[str, Any]:
    """The part of the form; nothing for who may not see what is measured."""
    if not page.may(Permission.MEASURE):
        return {}
    return told(forecasts.before(page, params, due=due, at=now(), photos=photos), page=page)


@team(Permission.MEASURE, "POST")
@in_page_time
def follow(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The form as it is typed: its expectation, anew. Changes nothing."""
    form = request.POST
    options = [each for each in form.getlist("poll_options") if each.strip()]
    params = PostParams(
        text=form.get("text", "")[:100_000],
        title=form.get("title", "").strip()[:300],
        audience=form.get("audience", "public"),
        poll=PollParams(options=tuple(options[:4]), lasts=timedelta(days=1)) if options else None,
    )
    try:
        due = clock.moment_of(form.get("due") or form.get("if_due", ""), zone=page.time_zone)
    except BadInput:  # half a date, while it is typed: told as of now
        due = None
    photos = bool(form.getlist("media_ids"))
    return render(request, "web/studio/planning/expected.html", beside(page, params, due=due, photos=photos))


@dataclass(slots=True)
class Row(Shown):
    """A post and what was expected of it."""

    url: str
    text: str
    when: str
    kept: Kept
    sentence: str


@team(Permission.MEASURE, "GET")
def calibration(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """How well it was told."""
    at = now()
    kept = forecasts.listed(page, at=at)
    found = forecasts.calibration(page, kept, at=at)
    titles = forecasts.titles(each.post_id for each in kept)
    rows = [
        Row(
            path(page.handle, f"posts/{each.post_id}"), " ".join(titles[each.post_id].split())[:120],
            writing.moment(each.appeared_at, zone=page.time_zone), each, words.score(each),
        )
        for each in kept if each.post_id in titles
    ]  # fmt: skip
    return render(request, "web/studio/planning/calibration.html", frame(
        page, PART, _("Expected and come"), answer=words.calibration(found), found=[_shown(each) for each in found],
        rows=rows[:20], drawn=sheets.ranges(kept, at=at, zone=page.time_zone), file=file_of(page, "NAME"),
        back_url=path(page.handle, PART), formula=words.FORMULA, population=words.POPULATION,
    ))  # fmt: skip


def _shown(each: Calibration) -> dict[str, Any]:
    return {
        "name": words.OUTCOMES[each.outcome],
        "held": each.held,
        "scored": each.scored,
        "waiting": each.waiting,
        "share": None if each.share is None else writing.percent(each.share),
        "interval": " – ".join(map(writing.percent, each.interval)) if each.interval else "",
        "widened": writing.percent(each.widened),
    }


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/entries/expected", follow),
    at_path("studio/<str:handle>/plan/calibration", calibration),
]
