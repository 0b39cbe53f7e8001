"""``/studio/<handle>/reviews``: what members think of the page, and its answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from majlis.brands import actions, queries
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import Refused
from majlis.web import paging, reviews
from majlis.web.doors import goto, sentence_of
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame
from majlis.web.studio.frame import path as studio_path


@team(Permission.READ, "GET")
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """All reviews, or those that wait for an answer."""
    return _page(request, team)


def _page(
    request: HttpRequest, team: OnTeam, *, error: Refused | None = None, about: int = 0
) -> HttpResponse:
    waiting = request.GET.get("only") == "unanswered"
    page = paging.asked(request)
    # in the page's own eyes: whom one of the team blocks has reviewed it all the same
    found = queries.reviews(
        page_id=team.page_id, viewer=None, page=page, which="unanswered" if waiting else "all"
    )
    home, unanswered = studio_path(team.handle, "reviews"), queries.unanswered(page_id=team.page_id)
    context = frame(
        team,
        "reviews",
        _("Reviews"),
        reviews=reviews.reviews(found.items, viewer=team.by, team=True),
        summary=reviews.summary(queries.rating(page_id=team.page_id)),
        may_answer=team.may(Permission.ANSWER),
        tabs=[
            {"url": home, "label": _("All"), "current": not waiting},
            {
                "url": f"{home}?only=unanswered",
                "label": _("Without an answer"),
                "current": waiting,
                "count": unanswered,
            },
        ],
        tabs_label=_("Reviews"),
        error=sentence_of(error) if error else "",
        error_about=str(about),
        typed=request.POST.get("text", ""),
        **paging.slice_context(request, found, page),
    )
    return render(request, "web/studio/reviews.html", context, status=error.status if error else 200)


@team(Permission.ANSWER, "POST")
def answer(request: HttpRequest, team: OnTeam, review_id: int) -> HttpResponse:
    """Answer a review in the page's name; an empty answer takes it back."""
    try:
        actions.answer_review(team, review_id=review_id, text=request.POST.get("text", ""), at=now())
    except Refused as error:
        if error.status == 404:
            raise
        return _page(request, team, error=error, about=review_id)
    messages.success(request, _("Saved."))
    return goto(request, f"{studio_path(team.handle, 'reviews')}#review-{review_id}")


def today(team: OnTeam, *, at: datetime) -> dict[str, Any] | None:
    """Reviews with words that nobody has answered, for who answers."""
    if not team.may(Permission.ANSWER):
        return None
    waiting = queries.unanswered(page_id=team.page_id)
    if not waiting:
        return None
    url = f"{studio_path(team.handle, 'reviews')}?only=unanswered"
    return {"template": "web/studio/today/reviews.html", "waiting": waiting, "url": url}


urls: list[URLPattern] = [
    path("studio/<str:handle>/reviews", index),
    path("studio/<str:handle>/reviews/<id:review_id>/answer", answer),
]
