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
from majlis.care import inbox
from majlis.web.faces import Shown

ROLES: Final[dict[Role, str | Promise]] = {
    Role.OWNER: pgettext_lazy("role in a team", "Owner"),
    Role.EDITOR: pgettext_lazy("role in a team", "Editor"),
    Role.SUPPORT: pgettext_lazy("role in a team", "Support"),
    Role.ANALYST: pgettext_lazy("role in a team", "Analyst"),
    Role.ADVERTISER: pgettext_lazy("role in a team", "Advertiser"),
}
INBOX: Final = "inbox"
#: Where one can go, in groups and in this order: part of the address, words, icon, what it needs. A part whose
#: address nobody answers is not offered, nor is a group in which nothing is. Whoever adds a part adds its line here.
_Place = tuple[str, str | Promise, str, Permission]
_GROUPS: Final[tuple[tuple[str | Promise, tuple[_Place, ...]], ...]] = (
    (
        "",
        (
            ("", pgettext_lazy("studio", "Today"), "sun", Permission.READ),
            (INBOX, pgettext_lazy("studio", "Inbox"), "message", Permission.ANSWER),
        ),
    ),
    (
        pgettext_lazy("part of the studio", "Publish"),
        (
            ("calendar", pgettext_lazy("studio", "Calendar"), "calendar", Permission.READ),
            ("plan", pgettext_lazy("studio", "Plan"), "compass", Permission.MEASURE),
            ("calendar/queue", pgettext_lazy("studio", "Queue"), "list", Permission.READ),
            ("calendar/library", pgettext_lazy("studio", "Library"), "photo", Permission.READ),
            ("campaigns", pgettext_lazy("studio", "Campaigns"), "flag", Permission.READ),
            ("promotion", pgettext_lazy("studio", "Promotion"), "up", Permission.MEASURE),
        ),
    ),
    (
        pgettext_lazy("part of the studio", "Care"),
        (
            ("care/causes", pgettext_lazy("studio", "Causes"), "warning", Permission.ANSWER),
            ("care/replies", pgettext_lazy("studio", "Saved replies"), "reply", Permission.ANSWER),
            ("care/rules", pgettext_lazy("studio", "Rules"), "list", Permission.CARE),
            ("care/promises", pgettext_lazy("studio", "Promises"), "clock", Permission.CARE),
        ),
    ),
    (
        pgettext_lazy("part of the studio", "Understand"),
        (
            ("questions", pgettext_lazy("studio", "Questions"), "info", Permission.MONEY),
            ("posts", pgettext_lazy("studio", "Posts"), "article", Permission.MEASURE),
            ("audience", pgettext_lazy("studio", "Audience"), "people", Permission.MEASURE),
            ("results", pgettext_lazy("studio", "Results"), "poll", Permission.MEASURE),
            ("links", pgettext_lazy("studio", "Links"), "link", Permission.MEASURE),
            ("experiments", pgettext_lazy("studio", "Experiments"), "eye-off", Permission.MEASURE),
        ),
    ),
    (
        pgettext_lazy("part of the studio", "Customers"),
        (
            ("customers", pgettext_lazy("studio", "Customers"), "people", Permission.COUNT_CUSTOMERS),
            ("customers/find", pgettext_lazy("studio", "Find a customer"), "search", Permission.CUSTOMER),
        ),
    ),
    (
        pgettext_lazy("part of the studio", "Money"),
        (
            ("money", pgettext_lazy("studio", "Did it pay?"), "coins", Permission.MONEY),
            ("money/break-even", pgettext_lazy("studio", "Break-even"), "compass", Permission.MONEY),
            ("money/attribution", pgettext_lazy("studio", "Attribution"), "share", Permission.MONEY),
            ("money/costs", pgettext_lazy("studio", "Costs and rates"), "list", Permission.MONEY),
            ("money/hours", pgettext_lazy("studio", "Hours"), "clock", Permission.READ),
        ),
    ),
    (
        pgettext_lazy("part of the studio", "Reputation"),
        (
            ("reviews", pgettext_lazy("studio", "Reviews"), "star", Permission.READ),
            ("voice", pgettext_lazy("studio", "Voice"), "quote", Permission.MEASURE),
            ("rivals", pgettext_lazy("studio", "Rivals"), "globe", Permission.MEASURE),
            ("standing", pgettext_lazy("studio", "Standing"), "verified", Permission.MEASURE),
        ),
    ),
    (
        pgettext_lazy("part of the studio", "The page"),
        (
            ("page", pgettext_lazy("studio", "Page"), "shop", Permission.DESCRIBE),
            ("team", pgettext_lazy("studio", "Team"), "person-add", Permission.READ),
        ),
    ),
)


@dataclass(slots=True)
class Place(Shown):
    """A part of the studio to go to."""

    url: str
    label: str | Promise
    icon: str
    current: bool
    count: int = 0


@dataclass(slots=True)
class Group(Shown):
    """Parts of the studio that belong together. The first has no name: it is where one arrives."""

    label: str | Promise
    places: list[Place]


def path(handle: str, part: str = "") -> str:
    """The address of a part of a page's studio."""
    return f"/studio/{quote(handle, safe='')}" + (f"/{part}" if part else "")


def frame(team: OnTeam, part: str, title: str, **context: Any) -> dict[str, Any]:
    """The context of a studio page: ``part`` is what its address begins with after the handle, as in the list of
    places.

    Raises:
        ValueError: the page's own context has a name that the frame needs.
    """
    groups = places(team, part)
    own = {
        "team": team,
        "role_name": ROLES[team.role],
        "studio_url": path(team.handle),
        "places": groups,
        "place": next((each for group in groups for each in group.places if each.current), None),
        "here": "studio",
        "page_title": title,
        "robots": "noindex",
    }
    if taken := own.keys() & context.keys():
        raise ValueError(f"the frame has these names: {sorted(taken)}")
    return own | context


def places(team: OnTeam, part: str) -> list[Group]:
    """The parts her role may open, in their groups."""
    offered = (
        Group(
            name,
            [
                Place(path(team.handle, address), label, icon, address == part, _waiting(team, address))
                for address, label, icon, needs in within
                if team.may(needs) and _answered(path(team.handle, address))
            ],
        )
        for name, within in _GROUPS
    )
    return [group for group in offered if group.places]


def _waiting(team: OnTeam, address: str) -> int:
    return inbox.open_ones(team) if address == INBOX else 0


def _answered(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
