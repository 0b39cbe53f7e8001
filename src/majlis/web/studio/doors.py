"""The door of every studio page: which permission it asks for, and for whom there is no such page.

A view is wrapped with ``@team(Permission.READ, "GET")`` and stands at ``studio/<handle>/…``. What it needs is
written on it (:class:`Door`), so that the test that replays every request as everybody else finds it there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from majlis.brands.access import OnTeam, team_door_at
from majlis.brands.roles import Permission
from majlis.people.queries import Viewer
from majlis.web import doors

P = ParamSpec("P")
_SAFE: Final = ("GET", "HEAD")


class Door(msgspec.Struct, frozen=True):
    """What a studio address asks for, by method."""

    needs: dict[str, Permission]


def team(
    needs: Permission, *methods: str, changing: Permission | None = None, whole_team: bool = False
) -> Callable[
    [Callable[Concatenate[HttpRequest, OnTeam, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """A page for a team: the view gets the :class:`OnTeam`. ``changing`` is what other methods than GET
    need, where that is more; ``whole_team`` is for those that change roles.

    What changes something runs in one transaction that holds the role: while it runs the role cannot end,
    and when it has ended nothing more is done in it.
    """
    door = Door({method: needs if method == "GET" else changing or needs for method in methods})

    def wrap(
        view: Callable[Concatenate[HttpRequest, OnTeam, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @require_http_methods([*methods, "HEAD"] if "GET" in methods else list(methods))
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, handle: str, **kwargs: Any) -> HttpResponse:
            viewer: Viewer | None = getattr(request, "profile", None)
            if not viewer:
                return doors.elsewhere(request)
            asked = door.needs["GET" if request.method in _SAFE else str(request.method)]
            if request.method in _SAFE:
                found = team_door_at(handle=handle, by=viewer.id, needs=asked)
                return doors.kept_private(view(request, found, *args, **kwargs))
            with transaction.atomic():
                found = team_door_at(
                    handle=handle, by=viewer.id, needs=asked, lock=True, whole_team=whole_team
                )
                return doors.kept_private(view(request, found, *args, **kwargs))

        opened.door = door  # type: ignore[attr-defined]
        return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], opened)

    return wrap
