"""How the pages on money name things, write amounts, choose months and give out files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from majlis.brands.access import OnTeam
from majlis.core.errors import BadInput
from majlis.feeds.hydration import hydrate
from majlis.insights.plots import saying
from majlis.insights.windows import Window
from majlis.studio import queries
from majlis.studio.money.costs import Kind
from majlis.studio.money.hours import Place
from majlis.studio.money.results import month_window
from majlis.studio.promotion.money import typed_number
from majlis.web import cards
from majlis.web.studio import clock
from majlis.web.studio.frame import path
from majlis.web.studio.looking import Choice

PART: Final = "money"
MONTHS: Final = 6
_EXCERPT: Final = 60
_MINUTE: Final = timedelta(minutes=1)

PLACES: Final[Mapping[Place, str | Promise]] = {
    Place.COMPOSER: gettext_lazy("Writing"),
    Place.CALENDAR: pgettext_lazy("studio", "Calendar"),
    Place.INBOX: gettext_lazy("Answering"),
    Place.APPROVALS: gettext_lazy("Approving"),
    Place.OTHER: gettext_lazy("Other work"),
}
KINDS: Final[Mapping[str, str | Promise]] = {
    Kind.TOOLS.value: gettext_lazy("Tools"),
    Kind.PRODUCTION.value: gettext_lazy("Production"),
    Kind.OTHER.value: pgettext_lazy("kind of cost", "Other"),
}


def amount(value: Decimal, currency: str) -> str:
    """An amount as people of the page's language write it."""
    return saying.money(value, currency)


def file_of(page: OnTeam, name: str, **asked: object) -> str:
    """The address of a table or plot of money as a file, without its ending and with what was asked for."""
    return f"{path(page.handle, PART)}/files/{name}.FORM?{urlencode(asked)}"


def months(page: OnTeam, part: str, chosen: date, *, at: datetime) -> list[Choice]:
    """This month and those before it, as tabs; a chosen one that is older stands at the end."""
    first = clock.today(at, zone=page.time_zone).replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    if chosen not in found:
        found.append(chosen)
    return [
        Choice(f"{path(page.handle, part)}?month={each:%Y-%m}", clock.month_words(each), each == chosen)
        for each in found
    ]


def month_of(typed: str, page: OnTeam, *, at: datetime) -> date:
    """The month asked for (2026-10), or this one; none that is to come."""
    this = clock.today(at, zone=page.time_zone).replace(day=1)
    found = clock.day_of(f"{typed.strip()[:7]}-01")
    return found if found and date(1990, 1, 1) <= found <= this else this


def so_far(page: OnTeam, month: date, *, at: datetime) -> Window:
    """A month, up to now when it is not over: to the end of this minute, so that an order of this moment is in it."""
    whole = month_window(month, zone=page.time_zone)
    return Window(whole.since, min(whole.until, at + _MINUTE))


def post_names(page: OnTeam, ids: Iterable[int]) -> dict[int, str]:
    """The beginnings of the page's posts; of those that are gone, nothing."""
    wanted = list(ids)
    if not wanted:
        return {}
    batch = hydrate(wanted, viewer=page.page_id)
    return {
        id_: cards.excerpt(post.title or post.text, _EXCERPT) or _("A post without words")
        for id_ in wanted
        if (post := batch.posts.get(id_)) is not None
    }


def campaign_names(page: OnTeam) -> dict[int, str]:
    """The names of the page's campaigns."""
    return {each.id: each.name for each in queries.campaigns(team=page)}


def decimal(typed: str, *, field: str) -> Decimal:
    """A number as somebody typed it, in any digits; a comma is not taken, for it means two things.

    Raises:
        BadInput: it is none.
    """
    found = typed_number(typed)
    if found is None or not found.is_finite():
        raise BadInput(gettext_lazy("This is no number. Write it like 12.50."), field=field, code="number")
    return found


def day(typed: str, *, field: str) -> date:
    """A day as it was typed.

    Raises:
        BadInput: it is none.
    """
    found = clock.day_of(typed)
    if found is None:
        raise BadInput(gettext_lazy("This is no date."), field=field, code="date")
    return found


def optional_id(typed: Any) -> int | None:
    """An id chosen in a form, or none."""
    text = str(typed or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
