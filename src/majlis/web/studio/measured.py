"""What the pages on links, goals, codes and shops have in common: their tabs, the window of their numbers, money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.insights import windows
from majlis.insights.plots import saying
from majlis.web.faces import Shown
from majlis.web.studio.frame import frame, path

_TABS: Final[tuple[tuple[str, str | Promise, Permission], ...]] = (
    ("links", pgettext_lazy("studio", "Links"), Permission.MEASURE),
    ("links/goals", _("Orders and goals"), Permission.MEASURE),
    ("links/codes", _("Promo codes"), Permission.MEASURE),
    ("links/shops", _("Shops"), Permission.CONNECT),
)


@dataclass(slots=True)
class Tab(Shown):
    """A tab that is a link."""

    url: str
    label: str | Promise
    current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """The days that numbers are of, in the page's zone, as on every other page of numbers."""

    days: int
    since: datetime
    until: datetime

    @property
    def words(self) -> str | Promise:
        """As a part of a sentence."""
        return ngettext_lazy("in the last %(n)d day", "in the last %(n)d days", self.days) % {"n": self.days}


def window(request: HttpRequest, team: OnTeam, *, at: datetime) -> Window:
    """The window asked for: today so far and the days before it."""
    days = windows.chosen(request.GET.get("days", ""))
    since = windows.last_days(days, at=at, zone=team.time_zone).since
    assert since is not None  # noqa: S101  # a window of days has a beginning
    # to the end of this minute, so that an order of this moment is in it
    return Window(days, since, at + timedelta(minutes=1))


def window_tabs(request: HttpRequest, chosen: Window) -> list[Tab]:
    """The windows to choose from."""
    return [
        Tab(
            f"{request.path}?days={days}",
            ngettext_lazy("%(n)d day", "%(n)d days", days) % {"n": days},
            days == chosen.days,
        )
        for days in windows.CHOICES
    ]


def measured_frame(team: OnTeam, part: str, title: str, **context: Any) -> dict[str, Any]:
    """The context of one of these pages; ``part`` is which tab it stands under."""
    tabs = [
        Tab(path(team.handle, name), label, name == part) for name, label, needs in _TABS if team.may(needs)
    ]
    return frame(
        team,
        "links",
        title,
        tabs=tabs,
        may_track=team.may(Permission.TRACK),
        base=path(team.handle, part),
        **context,
    )


def money(value: Decimal, currency: str) -> str:
    """An amount as people of the page's language write it."""
    return saying.money(value, currency)


def summed(given: Iterable[tuple[str, Decimal]]) -> list[str]:
    """Amounts per currency, largest number of them first; currencies are never added to each other."""
    sums: dict[str, Decimal] = {}
    for currency, value in given:
        if currency:
            sums[currency] = sums.get(currency, Decimal(0)) + value
    return [money(value, currency) for currency, value in sorted(sums.items(), key=lambda each: -each[1])]
