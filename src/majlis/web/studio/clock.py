"""Everybody who works on a plan sees the clock of the page it is for, wherever she is herself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError, get_global
from babel.dates import format_date, format_time, get_day_names
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.core.errors import BadInput
from majlis.studio import moments
from majlis.web import formats

P = ParamSpec("P")
TeamView = Callable[Concatenate[HttpRequest, OnTeam, P], HttpResponse]


def in_page_time(view: TeamView[P]) -> TeamView[P]:
    """Exact times on this page are told, and taken, in the page's own zone."""

    @wraps(view)
    def shown(request: HttpRequest, team: OnTeam, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with timezone.override(ZoneInfo(team.time_zone)):
            return view(request, team, *args, **kwargs)

    return cast(TeamView[P], shown)


def today(at: datetime, *, zone: str) -> date:
    """Which day it is for the page."""
    return moments.on_the_wall(at, zone=zone).date()


def day_of(typed: str) -> date | None:
    """A day from an address or form; None for what is none."""
    try:
        found = date.fromisoformat(typed.strip()[:10])
    except ValueError:
        return None
    return found if date(1970, 1, 8) <= found <= date(9000, 1, 1) else None


def moment_of(typed: str, *, zone: str, field: str = "due") -> datetime:
    """``datetime-local``, on the wall of the page.

    Raises:
        BadInput: it is no date and time, or of no day that :func:`day_of` takes: whoever keeps a moment of the
            year 1 can never read it again.
    """
    try:
        wall = datetime.fromisoformat(typed.strip()).replace(tzinfo=None)
    except ValueError as error:
        raise BadInput(_("This is no date and time."), field=field) from error
    if day_of(wall.date().isoformat()) is None:
        raise BadInput(_("This is no date and time."), field=field)
    return moments.moment(wall.date(), wall.time(), zone=zone)


def time_of(typed: str) -> time | None:
    """``<input type="time">``; None for what is none."""
    try:
        return time.fromisoformat(typed.strip()).replace(tzinfo=None)
    except ValueError:
        return None


def clock(at: datetime) -> str:
    """9:30 AM, in the zone of this page."""
    local = timezone.localtime(at)
    return format_time(local.time(), "short", locale=formats.locale())


def slot_time(at: time) -> str:
    """The same for a time of day."""
    return format_time(at, "short", locale=formats.locale())


def day_words(day: date) -> str:
    """Thursday, November 5."""
    return format_date(
        day, "EEEE، d MMMM" if formats.locale().language == "ar" else "EEEE, MMMM d", locale=formats.locale()
    )


def month_words(day: date) -> str:
    """November 2026."""
    return format_date(day, "MMMM yyyy", locale=formats.locale())


def date_words(day: date) -> str:
    """November 5, 2026."""
    return format_date(day, "long", locale=formats.locale())


def first_weekday(zone: str) -> int:
    """The day with which a week begins where the page is: Monday 0, in Cairo Saturday, in Riyadh Sunday (CLDR)."""
    country = get_global("zone_territories").get(zone, "")
    try:
        found: int = Locale.parse(f"und_{country}").first_week_day
    except (UnknownLocaleError, ValueError):
        return 0
    return found


def weekday_names(zone: str) -> list[tuple[int, str]]:
    """The days of a week as the page begins it: Monday is 0."""
    names = get_day_names("wide", "stand-alone", locale=formats.locale())
    first = first_weekday(zone)
    return [((first + n) % 7, names[(first + n) % 7]) for n in range(7)]


def week_of(day: date, *, zone: str) -> date:
    """The first day of the week that a day is in, as the page begins its weeks."""
    return date.fromordinal(day.toordinal() - (day.weekday() - first_weekday(zone)) % 7)
