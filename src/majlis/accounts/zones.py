"""The time zone in which exact times are told and taken: the reader's choice, else her browser's, else the
server's. The browser says its own in a cookie that the script sets for who is signed in.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

COOKIE: Final = "majlis_time_zone"
_NOWHERE: Final = {"ZZ", "001"}  # CLDR's region of UTC and of the fixed offsets


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def known(name: str) -> tzinfo | None:
    """The zone of a name (IANA's), as a cookie or a form gives it; None when there is no such zone."""
    return ZoneInfo(name) if name in _names() else None


def of(request: HttpRequest) -> tzinfo:
    """The zone of who asks."""
    chosen = getattr(request.user, "time_zone", "")
    return known(chosen) or known(request.COOKIES.get(COOKIE, "")) or timezone.get_default_timezone()


def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def name() -> str:
    """The name of the zone that this page speaks."""
    return str(timezone.get_current_timezone())


def label() -> str:
    """The zone of this page in words: Egypt Time, Germany (Berlin) Time, UTC."""
    return _label(name(), get_language() or "en")


@lru_cache(maxsize=512)
def _label(zone: str, language: str) -> str:
    present = get_global("zone_aliases").get(zone, zone)  # browsers still say Asia/Calcutta
    placed = zone != "UTC" and get_global("zone_territories").get(present, "ZZ") not in _NOWHERE
    return get_timezone_location(ZoneInfo(zone), locale=_locale(language)) if placed else zone


def for_input(moment: datetime | None) -> str:
    """A moment as ``<input type="datetime-local">`` takes it, in the zone of this page."""
    return timezone.localtime(moment).replace(tzinfo=None).isoformat(timespec="minutes") if moment else ""


def from_input(typed: str, *, zone: str = "") -> datetime:
    """The moment that such a field gives: in the zone that the form named, else in that of this page.

    A form names its own because the reader may have told us hers since it was shown.

    Raises:
        ValueError: it is no date and time.
    """
    found = datetime.fromisoformat(typed.strip()).replace(tzinfo=None)
    try:
        return timezone.make_aware(found, known(zone) or timezone.get_current_timezone()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(typed) from error


def choices() -> list[tuple[str, str]]:
    """Every zone with people in it, by the names of countries and towns in the language of the page."""
    return _choices(get_language() or "en")


@lru_cache(maxsize=4)
def _choices(language: str) -> list[tuple[str, str]]:
    countries = _locale(language).territories
    places = {zone: of_ for zone, of_ in get_global("zone_territories").items() if zone in _names()}
    several = list(places.values())
    found = []
    for zone, country in places.items():
        if country in _NOWHERE or country not in countries:
            continue
        town = get_timezone_location(ZoneInfo(zone), locale=_locale(language), return_city=True)
        found.append(
            (zone, f"{countries[country]} ({town})" if several.count(country) > 1 else countries[country])
        )
    return [("UTC", "UTC"), *sorted(found, key=lambda each: each[1].replace("إ", "ا").replace("أ", "ا"))]
