"""Business pages as templates read them: open or not as a sentence, prices, ways to reach them, what robots hear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_time, get_day_names
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from majlis.brands.categories import CATEGORIES
from majlis.brands.hours import DAYS, OpeningHours, Period
from majlis.brands.views import Button, OfferingView, PageView, Rating
from majlis.core import addresses
from majlis.core.text.bidi import direction
from majlis.insights.plots import saying
from majlis.web import formats, photos
from majlis.web.cards import Media
from majlis.web.faces import Shown

_LABELS: Final[dict[str, tuple[str | Promise, str]]] = {
    "call": (gettext_lazy("Call"), "phone"),
    "mail": (gettext_lazy("Write a mail"), "mail"),
    "message": (gettext_lazy("Write to us"), "message"),
    "directions": (gettext_lazy("The way to us"), "compass"),
    "website": (gettext_lazy("Website"), "globe"),
    "book": (gettext_lazy("Book"), "calendar"),
    "order": (gettext_lazy("Order"), "shop"),
}
_MAP: Final = "https://www.openstreetmap.org/search?query="


@dataclass(slots=True)
class Contact(Shown):
    """A button; ``outside``: it leads elsewhere."""

    label: str | Promise
    icon: str
    url: str
    outside: bool


@dataclass(slots=True)
class Offer(Shown):
    """What is offered; ``price`` in the reader's language, empty where none is said."""

    id: str
    kind: str
    name: str
    description: str
    price: str
    url: str
    ends_at: datetime | None
    ended: bool
    pinned: bool
    dir: str
    photo: Media | None = None


@dataclass(slots=True)
class DayLine(Shown):
    """A day of the week, or a date, with its hours in words."""

    label: str
    hours: str
    today: bool = False
    note: str = ""


@dataclass(slots=True)
class Domain(Shown):
    """The domain that was proved."""

    name: str
    url: str
    verified_at: datetime
    checked_at: datetime


@dataclass(slots=True)
class Shop(Shown):
    """A business page for ``web/profile/business.html``."""

    id: str
    category: str
    address: str
    map_url: str
    opening: str
    open: bool
    week: list[DayLine]
    dates: list[DayLine]
    zone: str
    contacts: list[Contact]
    domain: Domain | None


def shop(page: PageView, *, at: datetime) -> Shop:
    """A page as visitors see it."""
    category = CATEGORIES.get(page.category)
    return Shop(
        id=str(page.id),
        category=str(category.label) if category else "",
        address=page.address,
        map_url=map_url(page),
        opening=opening_sentence(page.hours, at=at),
        open=page.hours.told and page.hours.state(at).open,
        week=_week(page.hours, at=at) if page.hours.told else [],
        dates=_dates(page.hours, at=at),
        zone=page.hours.time_zone if _elsewhere(page.hours, at=at) else "",
        contacts=[found for button in page.buttons if (found := _contact(page, button))],
        domain=_domain(page),
    )


def map_url(page: PageView) -> str:
    """Where the address is on a map; empty without one."""
    if page.map_url or not page.address:
        return page.map_url
    return _MAP + quote(" ".join(page.address.split()), safe="")


def _domain(page: PageView) -> Domain | None:
    found = page.domain
    if found is None:
        return None
    url = f"https://{found.domain}/"
    return Domain(readable_domain(found.domain), url, found.verified_at, found.checked_at)


def readable_domain(name: str) -> str:
    """A domain in the letters it was registered in; in ASCII where that cannot be read back."""
    try:
        return name.encode("ascii").decode("idna")
    except UnicodeError:
        return name


def _contact(page: PageView, button: Button) -> Contact | None:
    url, outside = button.value, True
    if button.kind == "call":
        url = "tel:" + "".join(letter for letter in button.value if letter in "+0123456789")
    elif button.kind == "mail":
        url = f"mailto:{quote(button.value, safe='@')}"
    elif button.kind == "message":
        url, outside = f"/compose?mention={quote(page.handle, safe='')}", False
    elif button.kind == "directions":
        url = map_url(page)
    label, icon = _LABELS[button.kind]
    return Contact(label, icon, url, outside) if url else None


# hours ------------------------------------------------------------------------------------------------------


def opening_sentence(hours: OpeningHours, *, at: datetime) -> str:
    """Open now until 13:00; empty where nothing was said. Times are the clock of the place."""
    if not hours.told:
        return ""
    state, zone = hours.state(at), ZoneInfo(hours.time_zone)
    if state.changes_at is None:
        return _("Open around the clock.") if state.open else _("Closed for now.")
    here, then = at.astimezone(zone), state.changes_at.astimezone(zone)
    moment = {"time": _clock(then), "day": _day_name(then)}
    days = (then.date() - here.date()).days
    if state.open:
        soon = days == 0 or then - here < timedelta(hours=20)
        return (_("Open now until %(time)s.") if soon else _("Open now until %(day)s at %(time)s.")) % moment
    if days == 0:
        return _("Closed now, opens at %(time)s.") % moment
    if days == 1:
        return _("Closed now, opens tomorrow at %(time)s.") % moment
    if days < 7:
        return _("Closed now, opens on %(day)s at %(time)s.") % moment
    return _("Closed, opens again on %(date)s.") % {"date": formats.day(then.date())}


def _clock(moment: datetime) -> str:
    return str(format_time(moment, "short", tzinfo=moment.tzinfo, locale=formats.locale()))


def _day_name(moment: datetime) -> str:
    return str(get_day_names("wide", locale=formats.locale())[moment.weekday()])


def _elsewhere(hours: OpeningHours, *, at: datetime) -> bool:
    """Whether the clock there shows another time than the reader's."""
    return timezone.localtime(at).utcoffset() != at.astimezone(ZoneInfo(hours.time_zone)).utcoffset()


def _week(hours: OpeningHours, *, at: datetime) -> list[DayLine]:
    """From the first day of the reader's week on."""
    names = get_day_names("wide", locale=formats.locale(), context="stand-alone")
    today = at.astimezone(ZoneInfo(hours.time_zone)).weekday()
    first = formats.locale().first_week_day
    order = [(first + step) % 7 for step in range(7)]
    return [DayLine(names[day], periods_in_words(hours.week[day]), day == today) for day in order]


def _dates(hours: OpeningHours, *, at: datetime) -> list[DayLine]:
    """Dates that differ, from today on."""
    today = at.astimezone(ZoneInfo(hours.time_zone)).date()
    return [
        DayLine(formats.day(each.day), periods_in_words(each.periods), each.day == today, each.name)
        for each in hours.dates
        if each.day >= today
    ][:6]


def periods_in_words(periods: Sequence[Period]) -> str:
    """8:00–13:00, 16:00–22:00; closed; 24 hours."""
    if not periods:
        return pgettext("opening hours", "closed")
    if any(each.end - each.opens >= 24 * 60 for each in periods):
        return _("around the clock")
    joint = "، " if formats.locale().language == "ar" else ", "
    return joint.join(f"{_of_day(each.opens)}–{_of_day(each.closes)}" for each in periods)


def _of_day(minute: int) -> str:
    moment = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")) + timedelta(minutes=minute % (24 * 60))
    return _clock(moment)


# offers -----------------------------------------------------------------------------------------------------


def offer(offered: OfferingView, *, at: datetime) -> Offer:
    """One thing that is offered."""
    return Offer(
        id=str(offered.id),
        kind=offered.kind,
        name=offered.name,
        description=offered.description,
        price=money(offered.price, offered.currency),
        url=offered.url,
        ends_at=offered.ends_at,
        ended=offered.ends_at is not None and offered.ends_at <= at,
        pinned=offered.pinned,
        dir=direction(offered.name) or "auto",
        photo=photos.shown(offered.photo) if offered.photo else None,
    )


def money(amount: Decimal | None, currency: str) -> str:
    """€12.50, 12,50 €; the reader's way, with as many decimals as the amount has beyond the currency's own."""
    if amount is None or not currency:
        return ""
    if amount == round(amount, 2):
        return saying.money(amount, currency)
    return f"{formats.number(float(amount))} {currency}"


# robots -----------------------------------------------------------------------------------------------------

_SCHEMA_DAYS: Final = dict(
    zip(
        DAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)


def structured(
    page: PageView, rating: Rating, offered: Sequence[OfferingView], *, at: datetime
) -> dict[str, Any]:
    """What https://schema.org/LocalBusiness adds to an organisation."""
    category = CATEGORIES.get(page.category)
    values = {button.kind: button.value for button in page.buttons}
    found: dict[str, Any] = {"@type": category.schema if category else "LocalBusiness"}
    if page.address:
        found["address"] = page.address
    if url := map_url(page):
        found["hasMap"] = url
    if "call" in values:
        found["telephone"] = values["call"]
    if "mail" in values:
        found["email"] = values["mail"]
    if page.hours.told:
        found["openingHoursSpecification"] = _specification(page.hours, at=at)
    if rating.count:
        found["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": round(rating.average or 0, 2),
            "reviewCount": rating.count,
            "bestRating": 5,
            "worstRating": 1,
        }
    if offered:
        found["makesOffer"] = [_offer(each) for each in offered[:20]]
    return found


def _specification(hours: OpeningHours, *, at: datetime) -> list[dict[str, Any]]:
    today = at.astimezone(ZoneInfo(hours.time_zone)).date()
    weekly = [
        {**_times(period), "dayOfWeek": f"https://schema.org/{_SCHEMA_DAYS[name]}"}
        for name, periods in zip(DAYS, hours.week, strict=True)
        for period in periods
    ]
    # a day without hours is said as one that opens and closes at midnight (Google's guide to local business)
    special = [
        {**_times(period), "validFrom": each.day.isoformat(), "validThrough": each.day.isoformat()}
        for each in hours.dates
        if each.day >= today
        for period in each.periods or (Period(0, 0),)
    ]
    return [*weekly, *special]


def _times(period: Period) -> dict[str, Any]:
    whole = period == Period(0, 24 * 60)
    closes = "23:59" if whole else _hhmm(period.closes % (24 * 60))
    return {"@type": "OpeningHoursSpecification", "opens": _hhmm(period.opens), "closes": closes}


def _hhmm(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _offer(offered: OfferingView) -> dict[str, Any]:
    kind = "Service" if offered.kind == "service" else "Product"
    item: dict[str, Any] = {"@type": kind, "name": offered.name}
    if offered.photo and (picture := photos.shown(offered.photo).url):
        item["image"] = addresses.absolute(picture) if picture.startswith("/") else picture
    found: dict[str, Any] = {"@type": "Offer", "itemOffered": item}
    if offered.price is not None:
        found |= {"price": f"{offered.price:f}", "priceCurrency": offered.currency}
    if offered.url:
        found["url"] = offered.url
    if offered.ends_at:
        found["validThrough"] = offered.ends_at.isoformat(timespec="seconds")
    return found
