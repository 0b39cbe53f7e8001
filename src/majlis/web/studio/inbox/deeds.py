"""What is done with a conversation by one button or choice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.care import access, acting, knowing
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.web.composer import number
from majlis.web.doors import goto
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.inbox import asked, pages, talk
from majlis.web.toasts import toast

Do = Callable[[OnTeam, int, QueryDict, datetime], object]


def deed(do: Do, said: str | Promise) -> Callable[..., HttpResponse]:
    """A view that does one thing with a conversation and shows it again; it says ``said``."""

    @team(Permission.ANSWER, "POST")
    @in_page_time
    def view(request: HttpRequest, team: OnTeam, conversation_id: int) -> HttpResponse:
        access.conversation(team, conversation_id=conversation_id)  # before what was typed is looked at
        do(team, conversation_id, request.POST, now())
        return shown(request, team, conversation_id, str(said))

    return view


def shown(request: HttpRequest, team: OnTeam, conversation_id: int, said: str) -> HttpResponse:
    """The conversation as it is now: its parts to a script, its page otherwise."""
    if request.headers.get("HX-Request"):
        context = {**pages.conversation(request, team, conversation_id, at=now())}
        return toast(render(request, "web/studio/inbox/live_one.html", context), said)
    messages.success(request, said)
    return goto(request, asked.conversation_url(team, conversation_id, asked.wanted(request.GET)))


def _wait(team: OnTeam, id_: int, _form: QueryDict, at: datetime) -> None:
    acting.wait(team, conversation_id=id_, at=at)


def _solve(team: OnTeam, id_: int, _form: QueryDict, at: datetime) -> None:
    acting.solve(team, conversation_id=id_, at=at)


def _reopen(team: OnTeam, id_: int, _form: QueryDict, at: datetime) -> None:
    acting.reopen(team, conversation_id=id_, at=at)


def _snooze(team: OnTeam, id_: int, form: QueryDict, at: datetime) -> None:
    until = talk.until(team, form.get("choice", ""), form.get("until", ""), at=at)
    acting.snooze(team, conversation_id=id_, until=until, at=at)


def _assign(team: OnTeam, id_: int, form: QueryDict, at: datetime) -> None:
    acting.assign(team, conversation_id=id_, to=number(form.get("to")), at=at)


def _take(team: OnTeam, id_: int, _form: QueryDict, at: datetime) -> None:
    acting.assign(team, conversation_id=id_, to=team.by, at=at)


def _prioritise(team: OnTeam, id_: int, form: QueryDict, at: datetime) -> None:
    typed = form.get("priority", "")
    acting.prioritise(team, conversation_id=id_, priority=int(typed) if typed in {*"0123"} else -1, at=at)


def _cause(team: OnTeam, id_: int, form: QueryDict, at: datetime) -> None:
    acting.give_cause(team, conversation_id=id_, cause=number(form.get("cause")), at=at)


def _tag(team: OnTeam, id_: int, form: QueryDict, at: datetime) -> None:
    acting.tag(team, conversation_id=id_, names=form.get("tags", "").replace("،", ",").split(","), at=at)


def _correct(team: OnTeam, _id: int, form: QueryDict, at: datetime) -> None:
    message, said = number(form.get("message")) or 0, form.get("complaint", "")
    knowing.correct(team, message_id=message, about="complaint", said=said, at=at)


def _block(team: OnTeam, id_: int, form: QueryDict, at: datetime) -> None:
    _sure(form)
    acting.block(team, conversation_id=id_, at=at)


def _report(team: OnTeam, id_: int, form: QueryDict, at: datetime) -> None:
    _sure(form)
    acting.report(team, conversation_id=id_, comment=form.get("comment", ""), at=at)


def _sure(form: QueryDict) -> None:
    if not form.get("sure"):
        raise BadInput(_("Say first that you are sure."), field="sure")


_DEEDS: tuple[tuple[str, Do, str | Promise], ...] = (
    ("wait", _wait, _("Waiting for the customer.")),
    ("solve", _solve, _("Solved.")),
    ("reopen", _reopen, _("Open again.")),
    ("snooze", _snooze, _("Snoozed.")),
    ("assign", _assign, _("Given.")),
    ("take", _take, _("It is yours.")),
    ("priority", _prioritise, _("The priority is set.")),
    ("cause", _cause, _("The cause is set.")),
    ("tags", _tag, _("The tags are set.")),
    ("correct", _correct, _("Noted. It counts from now on.")),
    ("block", _block, _("Blocked.")),
    ("report", _report, _("The operators have it.")),
)

urls: list[URLPattern] = [
    at_path(f"studio/<str:handle>/inbox/<id:conversation_id>/{name}", deed(do, said))
    for name, do, said in _DEEDS
]
