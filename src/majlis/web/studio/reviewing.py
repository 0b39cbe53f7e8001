"""Review links: made and taken back by the team; opened by somebody without an account.

The secret stands in the address. So the page is kept by nobody, found by no search engine, tells no other
site where its reader came from, and can be asked for only so often.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from majlis.accounts import limits
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import Refused
from majlis.studio import access, actions, queries, states
from majlis.studio.access import Reviewer
from majlis.studio.actions import ChangedMeanwhile, SentTo
from majlis.studio.actions.links import DAYS, may_make
from majlis.studio.entries import Entry
from majlis.web import formats
from majlis.web.composer import number
from majlis.web.doors import goto, sentence_of
from majlis.web.studio.calendar import framed
from majlis.web.studio.clock import clock, in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.entries import answer_of, said_of
from majlis.web.studio.frame import path
from majlis.web.studio.shown import shown_each

P = ParamSpec("P")
_ANSWER: Final = {"yes", "no"}


# the team's side ----------------------------------------------------------------------------------


@team(Permission.READ, "GET", "POST", changing=Permission.APPROVE)
@in_page_time
def links(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The links that are good; sent, another is made, and its address shown this once."""
    made, error, status = "", "", 200
    if request.method == "POST":
        try:
            made = _made(request, page)
        except Refused as refusal:
            if refusal.status >= 500:
                raise
            error, status = sentence_of(refusal), refusal.status
    context = framed(
        page,
        "reviewers",
        _("Review links"),
        links=queries.links(team=page, at=now()),
        made=made,
        error=error,
        typed_name=request.POST.get("name", "") if error else "",
        typed_email=request.POST.get("email", "") if error else "",
        sent_to=request.POST.get("email", "").strip() if made else "",
        languages=settings.LANGUAGES,
        days=DAYS,
        may_make=may_make(page),
        may_revoke=page.may(Permission.APPROVE),
        entry_id=number(request.GET.get("entry")) or number(request.POST.get("entry")) or "",
        answer=_("Whoever has such a link reads what waits and says yes or no, without an account."),
    )
    response = render(request, "web/studio/reviewers.html", context, status=status)
    if made:
        response["Cache-Control"] = "no-store"
    return response


def _made(request: HttpRequest, page: OnTeam) -> str:
    entry_id = number(request.POST.get("entry"))
    made = actions.make_link(
        team=page,
        name=request.POST.get("name", ""),
        days=number(request.POST.get("days")) or 0,
        entries=[entry_id] if entry_id else [],
        to=SentTo(request.POST.get("email", ""), request.POST.get("language", "")),
        at=now(),
    )
    return f"{settings.MAJLIS.base_url}/review/{made.secret}"


@team(Permission.APPROVE, "POST")
def revoke(request: HttpRequest, page: OnTeam, link_id: int) -> HttpResponse:
    """A link opens nothing from now on."""
    actions.revoke_link(team=page, link_id=link_id, at=now())
    messages.success(request, _("This link opens nothing any more."))
    return goto(request, path(page.handle, "calendar/reviewers"))


# the reader's side --------------------------------------------------------------------------------


def _by_link(
    view: Callable[Concatenate[HttpRequest, Reviewer, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """The door of whoever holds the secret."""

    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, secret: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        limits.take("review_link", limits.network(limits.client_address(request)))
        by = access.reviewer(secret=secret, at=now())
        with timezone.override(ZoneInfo(by.time_zone)):
            response = view(request, by, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"  # the address is the key
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return cast(Callable[Concatenate[HttpRequest, str, P], HttpResponse], opened)


@require_http_methods(["GET", "HEAD"])
@_by_link
def review(request: HttpRequest, by: Reviewer) -> HttpResponse:
    """What waits for whoever was sent the link."""
    return _review(request, by)


def _review(request: HttpRequest, by: Reviewer, *, status: int = 200, **typed: Any) -> HttpResponse:
    entries = queries.for_review(by=by)
    said = queries.talk(entries=entries)
    pictures = shown_each(entries, page_id=by.page_id)
    lines = [
        {
            "entry": entry,
            "shown": pictures[entry.id],
            "talk": said.get(entry.id, []),
            "clock": clock(entry.due_at) if entry.due_at else "",
            "approved": states.approved(entry),
            "refused": entry.decided_yes is False and not states.waits(entry),
        }
        for entry in entries
    ]
    context = {
        "by": by,
        "lines": lines,
        "answer": _answer(entries),
        "review_url": f"/review/{request.resolver_match.kwargs['secret']}" if request.resolver_match else "",
        "page_title": _("To look at: %(page)s") % {"page": by.page_name},
        "robots": "noindex, nofollow",
        **typed,
    }
    return render(request, "web/studio/review.html", context, status=status)


def _answer(entries: list[Entry]) -> str:
    waiting = sum(entry.open and not states.approved(entry) for entry in entries)
    if not waiting:
        return _("Nothing waits for you at the moment.")
    return ngettext(
        "%(n)s post waits for your yes. Nothing of it is public yet.",
        "%(n)s posts wait for your yes. Nothing of them is public yet.",
        waiting,
    ) % {"n": formats.number(waiting)}


@require_http_methods(["POST"])
@_by_link
def answer(request: HttpRequest, by: Reviewer, entry_id: int) -> HttpResponse:
    """Yes, changes, or a comment."""
    name = request.POST.get("name", "")
    try:
        if request.POST.get("answer") in _ANSWER:
            actions.answer_by_link(by=by, entry_id=entry_id, answer=answer_of(request), name=name, at=now())
            messages.success(request, str(said_of(request)))
        else:
            text = request.POST.get("text", "")
            actions.comment_by_link(by=by, entry_id=entry_id, text=text, name=name, at=now())
            messages.success(request, _("Your comment stands beside it."))
    except Refused as error:
        if error.status not in (409, 422):
            raise
        changed = isinstance(error, ChangedMeanwhile)
        sentence = (
            _("This was changed while you read it. Here is how it stands now.")
            if changed
            else sentence_of(error)
        )
        wrong = {
            "wrong": entry_id,
            "error": sentence,
            "typed": request.POST.get("text", ""),
            "typed_name": name,
        }
        return _review(request, by, status=error.status, **wrong)
    return goto(request, f"{request.path.rpartition('/')[0]}#entry-{entry_id}")


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/calendar/reviewers", links),
    at_path("studio/<str:handle>/calendar/reviewers/<id:link_id>/revoke", revoke),
    at_path("review/<str:secret>", review),
    at_path("review/<str:secret>/<id:entry_id>", answer),
]
