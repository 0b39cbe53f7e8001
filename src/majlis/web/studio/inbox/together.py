"""Which words belong together, and which people are one: merging and splitting conversations, joining and parting people."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.care import acting
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.web.composer import number
from majlis.web.doors import goto
from majlis.web.studio.doors import team
from majlis.web.studio.inbox import asked
from majlis.web.studio.inbox.deeds import deed

_NUMBER: Final = re.compile(r"(?:/inbox/|^)([1-9][0-9]{0,18})(?:[/?#]|$)")


def _other(form: QueryDict) -> int:
    """The conversation that is meant: by its number or its address.

    Raises:
        BadInput: there is neither in what was typed.
    """
    found = _NUMBER.search(form.get("other", "").strip())
    other = number(found[1]) if found else None
    if other is None:
        raise BadInput(_("Give the number or the address of the other conversation."), field="other")
    return other


def _merge(team: OnTeam, id_: int, form: QueryDict, at: datetime) -> None:
    acting.merge(team, kept_id=id_, gone_id=_other(form), at=at)


def _join(team: OnTeam, id_: int, form: QueryDict, at: datetime) -> None:
    acting.join(team, conversation_id=id_, other_id=_other(form), at=at)


def _part(team: OnTeam, id_: int, form: QueryDict, at: datetime) -> None:
    acting.part(team, conversation_id=id_, channel_id=number(form.get("channel")) or 0, at=at)


@team(Permission.ANSWER, "POST")
def split(request: HttpRequest, team: OnTeam, conversation_id: int) -> HttpResponse:
    """Some of what the customer said is about something else; then the new conversation is shown."""
    chosen = [found for each in request.POST.getlist("message") if (found := number(each))]
    made = acting.split(team, conversation_id=conversation_id, message_ids=chosen, at=now())
    return goto(request, asked.conversation_url(team, made, asked.wanted(request.GET)))


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/inbox/<id:conversation_id>/merge", deed(_merge, _("They are one now."))),
    at_path("studio/<str:handle>/inbox/<id:conversation_id>/join", deed(_join, _("Joined."))),
    at_path("studio/<str:handle>/inbox/<id:conversation_id>/part", deed(_part, _("Parted."))),
    at_path("studio/<str:handle>/inbox/<id:conversation_id>/split", split),
]
