"""The door of every studio endpoint, as ``web/studio/doors.py`` has it for pages.

    @team(Permission.READ)
    def show(call: Call, team: OnTeam) -> Any: …

    route("api/v1/studio/<page_id>/…", GET=show)

Reading asks for the scope ``studio:read``; with ``writes`` it is ``studio:write``, and the whole request is
one transaction that holds the role.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.mastodon_api.request import Arguments, Call, View, endpoint

OfTeam = Callable[Concatenate[Call, OnTeam, Arguments], Any]


class Door(msgspec.Struct, frozen=True):
    """What an endpoint asks for."""

    needs: Permission
    writes: bool


def team(
    needs: Permission, *, writes: bool = False, whole_team: bool = False
) -> Callable[[OfTeam[Arguments]], View]:
    """An endpoint for a page's team; ``whole_team`` is for those that change roles."""

    def make(answer: OfTeam[Arguments]) -> View:
        @endpoint("studio:write" if writes else "studio:read")
        def entered(call: Call, page_id: int, *arguments: Any, **named: Any) -> Any:
            if not writes:
                found = team_door(page_id=page_id, by=call.me, needs=needs)
                return answer(call, found, *arguments, **named)
            with transaction.atomic():
                found = team_door(page_id=page_id, by=call.me, needs=needs, lock=True, whole_team=whole_team)
                return answer(call, found, *arguments, **named)

        def view(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            return entered(request, *arguments, **named)

        view.csrf_exempt = True  # type: ignore[attr-defined]
        view.door = Door(needs, writes)  # type: ignore[attr-defined]
        return view

    return make
