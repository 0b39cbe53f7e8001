"""The door of every studio endpoint, as ``web/studio/doors.py`` has it for pages.

    @team(Permission.READ, says=_("A page and what you may do for it"), gives=StudioPage)
    def show(call: Call, team: OnTeam) -> StudioPage: …

    route("api/v1/studio/<page_id>/…", GET=show)

Reading asks for the scope ``studio:read``; with ``writes`` it is ``studio:write``, and the whole request is
one transaction that holds the role. What was sent is read behind the door: strangers learn nothing from it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Concatenate, Unpack

import msgspec
from django.db import transaction

from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.mastodon_api.described import Description, Told, described
from majlis.mastodon_api.request import Arguments, Call, View, endpoint

OfTeam = Callable[Concatenate[Call, OnTeam, Arguments], Any]


class Door(msgspec.Struct, frozen=True):
    """What an endpoint asks for."""

    needs: Permission
    writes: bool


def team(
    needs: Permission, *, writes: bool = False, whole_team: bool = False, **told: Unpack[Told]
) -> Callable[[OfTeam[Arguments]], View]:
    """An endpoint for a page's team; ``whole_team`` is for those that change roles."""

    def make(answer: OfTeam[Arguments]) -> View:
        scope = "studio:write" if writes else "studio:read"
        description = Description(scope=scope, needs=needs.value, **told)

        @endpoint(scope, largest=description.largest)
        def entered(call: Call, page_id: int, *arguments: Any, **named: Any) -> Any:
            if not writes:
                found = team_door(page_id=page_id, by=call.me, needs=needs)
                return answer(call, found, *description.read(call), *arguments, **named)
            with transaction.atomic():
                found = team_door(page_id=page_id, by=call.me, needs=needs, lock=True, whole_team=whole_team)
                do = partial(answer, call, found, *description.read(call), *arguments, **named)
                return description.answer(call, do)

        view = described(entered, answer, description)
        view.door = Door(needs, writes)  # type: ignore[attr-defined]
        return view

    return make
