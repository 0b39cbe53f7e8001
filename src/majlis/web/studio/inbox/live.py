"""What an open screen asks for again: the rows of its list, its conversation, who else is there.

Each answer has a tag of what it would say; a screen that has it is told so (304) without its being drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import get_language

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.care import access, inbox, presence
from majlis.core.clock import now
from majlis.web.composer import number
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.inbox import asked, pages, rows, talk, words


@team(Permission.ANSWER, "GET")
@in_page_time
def listed(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """The rows of a list, and how many each view has."""
    at, wanted = now(), asked.wanted(request.GET)
    counts = inbox.counts(team, at=at)
    current = number(request.GET.get("open")) or 0
    found = rows.listed(team, wanted, at=at, limit=asked.shown(request), current=current)
    return _unless_known(
        request,
        (counts, found["lines"], found["more_url"]),
        lambda: render(request, "web/studio/inbox/live_list.html", {
            **found, "views": rows.views(team, wanted, counts), "view_label": words.VIEWS[wanted.view],
        }),
    )  # fmt: skip


@team(Permission.ANSWER, "GET")
@in_page_time
def conversation(request: HttpRequest, team: OnTeam, conversation_id: int) -> HttpResponse:
    """What was said and done, and the facts beside it."""
    at = now()
    found = access.conversation(team, conversation_id=conversation_id)
    # clocks in words run on, minute by minute
    return _unless_known(
        request,
        (found.id, found.version, at.replace(second=0, microsecond=0)),
        lambda: render(
            request,
            "web/studio/inbox/live_one.html",
            {**pages.conversation(request, team, conversation_id, at=at)},
        ),
    )


@team(Permission.ANSWER, "POST")
def here(request: HttpRequest, team: OnTeam, conversation_id: int) -> HttpResponse:
    """She has it open, writes an answer, or leaves it: ``doing`` is reading, answering or gone."""
    at, doing = now(), request.POST.get("doing", "reading")
    if doing == "gone":
        presence.leave(team, conversation_id=conversation_id, at=at)
        return HttpResponse(status=204)
    there = presence.beat(team, conversation_id=conversation_id, answering=doing == "answering", at=at)
    return render(request, "web/studio/inbox/present.html", {"present": talk.presence(there)})


def _unless_known(
    request: HttpRequest, said: Sequence[Any], drawn: Callable[[], HttpResponse]
) -> HttpResponse:
    known = f'"{blake2b(repr((get_language(), said)).encode(), digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == known:
        return HttpResponse(status=304, headers={"ETag": known})
    response = drawn()
    response["ETag"] = known
    return response


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/inbox/rows", listed),
    at_path("studio/<str:handle>/inbox/<id:conversation_id>/talk", conversation),
    at_path("studio/<str:handle>/inbox/<id:conversation_id>/here", here),
]
