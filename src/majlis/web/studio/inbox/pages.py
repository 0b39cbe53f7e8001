"""The inbox as a page: the list of a shift, alone or beside one conversation."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import pgettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.care import choices as care_choices
from majlis.care import inbox, presence
from majlis.care.choices import Choices
from majlis.care.inbox import AT_ONCE
from majlis.core.clock import now
from majlis.studio.money.hours import Place
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path
from majlis.web.studio.inbox import asked, customer, rows, talk, words
from majlis.web.studio.inbox.asked import PART
from majlis.web.studio.timing import timer


@team(Permission.ANSWER, "GET")
@in_page_time
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """The list."""
    return render(
        request, "web/studio/inbox/index.html", _list(request, team, care_choices.choices(team), at=now())
    )


@team(Permission.ANSWER, "GET")
@in_page_time
def one(request: HttpRequest, team: OnTeam, conversation_id: int) -> HttpResponse:
    """A conversation beside the list."""
    return page(request, team, conversation_id)


def page(
    request: HttpRequest, team: OnTeam, conversation_id: int, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of a conversation; ``more`` is for its forms."""
    at, choices = now(), care_choices.choices(team)
    found = _conversation(request, team, conversation_id, choices, at=at)
    context = _list(request, team, choices, at=at, current=found["conversation"].id) | found | more
    return render(request, "web/studio/inbox/index.html", context, status=status)


def conversation(request: HttpRequest, team: OnTeam, conversation_id: int, *, at: datetime) -> dict[str, Any]:
    """What the parts of a conversation read."""
    return _conversation(request, team, conversation_id, care_choices.choices(team), at=at)


def _conversation(
    request: HttpRequest, team: OnTeam, conversation_id: int, choices: Choices, *, at: datetime
) -> dict[str, Any]:
    found = talk.context(team, conversation_id, asked.wanted(request.GET), choices, at=at)
    there = presence.there(team, conversation_id=conversation_id, at=at)
    return {
        **found,
        "present": talk.presence(there),
        "records": customer.known(team, found["member_ids"], at=at),
        "may_read_customers": team.may(Permission.CUSTOMER),
        "answer_key": uuid.uuid4().hex,
        "team": team,
        "studio_url": path(team.handle),
    }


def _list(
    request: HttpRequest, team: OnTeam, choices: Choices, *, at: datetime, current: int = 0
) -> dict[str, Any]:
    wanted = asked.wanted(request.GET)
    filters = rows.filters(choices, wanted)
    return frame(
        team, PART, pgettext("studio", "Inbox"), views=rows.views(team, wanted, inbox.counts(team, at=at)),
        wanted=wanted, filters=filters, narrowed=sum(each["on"] for each in filters),
        orders=[(name, label, name == wanted.order) for name, label in words.ORDERS.items()],
        timer=timer(team, Place.INBOX), base=path(team.handle, PART),
        list_query=asked.query(wanted), view_label=words.VIEWS[wanted.view],
        **rows.listed(team, wanted, at=at, limit=AT_ONCE, current=current),
    )  # fmt: skip


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/inbox", index),
    at_path("studio/<str:handle>/inbox/<id:conversation_id>", one),
]
