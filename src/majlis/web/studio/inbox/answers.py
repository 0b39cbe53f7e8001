"""Answers and notes: what a team writes in a conversation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.care import acting, answering, presence, replies
from majlis.care.access import Status
from majlis.care.answering import AnsweredMeanwhile
from majlis.core.clock import now
from majlis.core.errors import NotThere, Refused
from majlis.web.composer import number
from majlis.web.doors import goto, sentence_of
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.inbox import asked, pages
from majlis.web.toasts import toast

_THEN = {"waiting": Status.WAITING, "solved": Status.SOLVED, "open": Status.OPEN}


@team(Permission.ANSWER, "POST")
@in_page_time
def answer(request: HttpRequest, team: OnTeam, conversation_id: int) -> HttpResponse:
    """Answer in the page's name; then wait, solve, or leave it open."""
    form, at = request.POST, now()
    try:
        with transaction.atomic():
            answering.answer(
                team, conversation_id=conversation_id, text=form.get("text", ""), seen=number(form.get("seen")) or 0,
                then=_THEN.get(form.get("then", ""), Status.WAITING), key=form.get("key", "")[:64], at=at,
            )  # fmt: skip
            presence.leave(team, conversation_id=conversation_id, at=at)
            replies.was_said(team, conversation_id=conversation_id, text=form.get("text", ""))
    except NotThere:
        raise
    except AnsweredMeanwhile as error:
        return _again(
            request,
            team,
            conversation_id,
            error,
            answered=error.answered,
            seen=str(error.answered.message_id),
        )
    except Refused as error:
        return _again(request, team, conversation_id, error, seen=form.get("seen", ""))
    return _written(request, team, conversation_id, _("Answered."), "answer")


@team(Permission.ANSWER, "POST")
@in_page_time
def note(request: HttpRequest, team: OnTeam, conversation_id: int) -> HttpResponse:
    """A note for the team."""
    try:
        with transaction.atomic():
            acting.note(team, conversation_id=conversation_id, text=request.POST.get("note", ""), at=now())
    except NotThere:
        raise
    except Refused as error:
        if request.headers.get("HX-Request"):
            raise
        more = {"note_error": sentence_of(error), "note_typed": request.POST.get("note", "")}
        return pages.page(request, team, conversation_id, status=error.status, **more)
    return _written(request, team, conversation_id, _("Noted."), "note")


def _written(request: HttpRequest, team: OnTeam, conversation_id: int, said: str, which: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        messages.success(request, said)
        wanted = asked.wanted(request.GET)
        return goto(request, asked.conversation_url(team, conversation_id, wanted))
    context = {**pages.conversation(request, team, conversation_id, at=now()), "beside": True}
    return toast(render(request, f"web/studio/inbox/written_{which}.html", context), said)


def _again(
    request: HttpRequest, team: OnTeam, conversation_id: int, error: Refused, **more: Any
) -> HttpResponse:
    """The same form with what was typed in it, and why it was not sent."""
    kept = {"answer_error": sentence_of(error), "typed": request.POST.get("text", ""), **more}
    if not request.headers.get("HX-Request"):
        return pages.page(request, team, conversation_id, status=error.status, **kept)
    context = {**pages.conversation(request, team, conversation_id, at=now()), "beside": True}
    return render(request, "web/studio/inbox/written_answer.html", context | kept, status=error.status)


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/inbox/<id:conversation_id>/answer", answer),
    at_path("studio/<str:handle>/inbox/<id:conversation_id>/note", note),
]
