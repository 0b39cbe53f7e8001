"""What pages of numbers share: which days are looked at, where to look at others, where a plot is had as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.insights import windows
from majlis.insights.windows import Window
from majlis.web import formats
from majlis.web.faces import Shown
from majlis.web.studio.frame import path


@dataclass(slots=True)
class Choice(Shown):
    """Something else to look at, as a tab."""

    url: str
    label: str
    current: bool
    count: int = 0


@dataclass(slots=True)
class Days(Shown):
    """The window somebody looks at, and the others to choose from."""

    count: int
    window: Window
    words: str
    tabs: list[Choice]


def days(request: HttpRequest, team: OnTeam, part: str, *, at: datetime, **kept: str) -> Days:
    """The days asked for in the address; ``kept`` stays in the addresses of the others."""
    count = windows.chosen(request.GET.get("days", ""))
    tabs = [
        Choice(
            f"{path(team.handle, part)}?{urlencode({'days': each, **kept})}", in_words(each), each == count
        )
        for each in windows.CHOICES
    ]
    return Days(count, windows.last_days(count, at=at, zone=team.time_zone), in_words(count), tabs)


def in_words(count: int) -> str:
    """7 days; a year for 365."""
    if count == 365:
        return _("a year")
    return ngettext("%(days)s day", "%(days)s days", count) % {"days": formats.number(count)}


def file_of(team: OnTeam, name: str, **asked: object) -> str:
    """The address of a plot or table as a file, without its ending and with what was asked for."""
    return f"{path(team.handle, f'plots/{name}')}.FORM?{urlencode(asked)}"
