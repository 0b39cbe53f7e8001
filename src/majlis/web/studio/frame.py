"""What every studio page reads: the page it is about, her role, and where else she may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission, Role
from majlis.web.faces import Shown

ROLES: Final[dict[Role, str | Promise]] = {
    Role.OWNER: pgettext_lazy("role in a team", "Owner"),
    Role.EDITOR: pgettext_lazy("role in a team", "Editor"),
    Role.SUPPORT: pgettext_lazy("role in a team", "Support"),
    Role.ANALYST: pgettext_lazy("role in a team", "Analyst"),
    Role.ADVERTISER: pgettext_lazy("role in a team", "Advertiser"),
}
#: Where one can go, in this order: part of the address, words, icon, what it needs. A part whose address
#: nobody answers is not offered.
_PLACES: Final[tuple[tuple[str, str | Promise, str, Permission], ...]] = (
    ("", pgettext_lazy("studio", "Today"), "sun", Permission.READ),
    ("calendar", pgettext_lazy("studio", "Calendar"), "calendar", Permission.READ),
    ("posts", pgettext_lazy("studio", "Posts"), "article", Permission.MEASURE),
    ("audience", pgettext_lazy("studio", "Audience"), "people", Permission.MEASURE),
    ("results", pgettext_lazy("studio", "Results"), "poll", Permission.MEASURE),
    ("links", pgettext_lazy("studio", "Links"), "link", Permission.MEASURE),
    ("promotion", pgettext_lazy("studio", "Promotion"), "up", Permission.MEASURE),
    ("campaigns", pgettext_lazy("studio", "Campaigns"), "flag", Permission.READ),
    ("reviews", pgettext_lazy("studio", "Reviews"), "message", Permission.READ),
    ("team", pgettext_lazy("studio", "Team"), "person-add", Permission.READ),
    ("page", pgettext_lazy("studio", "Page"), "shop", Permission.DESCRIBE),
)


@dataclass(slots=True)
class Place(Shown):
    """A part of the studio to go to."""

    url: str
    label: str | Promise
    icon: str
    current: bool


def path(handle: str, part: str = "") -> str:
    """The address of a part of a page's studio."""
    return f"/studio/{quote(handle, safe='')}" + (f"/{part}" if part else "")


def frame(team: OnTeam, part: str, title: str, **context: Any) -> dict[str, Any]:
    """The context of a studio page: ``part`` is the first word of its address after the handle."""
    return {
        "team": team,
        "role_name": ROLES[team.role],
        "studio_url": path(team.handle),
        "places": places(team, part),
        "here": "studio",
        "page_title": title,
        "robots": "noindex",
        **context,
    }


def places(team: OnTeam, part: str) -> list[Place]:
    """The parts her role may open."""
    return [
        Place(path(team.handle, name), label, icon, name == part)
        for name, label, icon, needs in _PLACES
        if team.may(needs) and _answered(path(team.handle, name))
    ]


def _answered(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
