"""``/studio``: the pages she works for; ``/studio/<handle>``: what a page needs today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam, TeamOf, teams_of
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.media.store import url_for
from majlis.people.queries import Viewer
from majlis.web.doors import member
from majlis.web.faces import Shown
from majlis.web.studio import needs, questions, reviews
from majlis.web.studio.doors import team
from majlis.web.studio.frame import ROLES, frame
from majlis.web.studio.frame import path as studio_path
from majlis.web.studio.last_days import last_days

#: What stands on the page of today, from the most pressing to the least: functions ``(team, *, at)`` that
#: give ``{"template": "web/studio/today/….html", …}``, or None when they have nothing to say.
Section = Callable[..., dict[str, Any] | None]
SECTIONS: Final[tuple[Section, ...]] = (
    needs.failed,
    needs.waiting,
    needs.changes,
    reviews.today,
    needs.due_today,
    questions.today,
    last_days,
)


@dataclass(slots=True)
class Workplace(Shown):
    """A page somebody works for."""

    display_name: str
    acct: str
    avatar_url: str
    url: str
    role: str | Promise
    kind: str = "business"


def _workplace(found: TeamOf) -> Workplace:
    picture = url_for(found.avatar_key, "small.webp") if found.avatar_key else ""
    return Workplace(found.name, found.handle, picture, studio_path(found.handle), ROLES[found.role])


@member("GET")
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The pages she works for."""
    return render(request, "web/studio/index.html", {
        "pages": [_workplace(found) for found in teams_of(member=viewer.id)],
        "here": "studio",
        "page_title": _("Studio"),
        "robots": "noindex",
    })  # fmt: skip


@team(Permission.READ, "GET")
def today(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """What a page needs today, the most pressing first."""
    return render(
        request, "web/studio/today.html", frame(team, "", _("Today"), sections=_sections(team, at=now()))
    )


def _sections(team: OnTeam, *, at: datetime) -> list[dict[str, Any]]:
    return [said for section in SECTIONS if (said := section(team, at=at)) is not None]


urls: list[URLPattern] = [
    path("studio", index),
    path("studio/<str:handle>", today),
]
