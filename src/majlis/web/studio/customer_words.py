"""Customers in words: stages, contacts, habits, what is missing; and the tabs of their pages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.insights.methods.enough import Need, NotEnough
from majlis.studio.customers.lists import Line, StageCount
from majlis.web import formats
from majlis.web.faces import Shown
from majlis.web.studio.frame import frame, path
from majlis.web.studio.measured import Tab, money

PART: Final = "customers"
STAGES: Final[dict[str, str | Promise]] = {
    "new": pgettext_lazy("customers", "New"),
    "recent": pgettext_lazy("customers", "Recent"),
    "quiet": pgettext_lazy("customers", "Quiet"),
    "old": pgettext_lazy("customers", "Old"),
    "none": pgettext_lazy("customers", "No order yet"),
}
SOURCES: Final[dict[str, str | Promise]] = {
    "hand": gettext_lazy("written down by hand"),
    "table": gettext_lazy("from a table"),
    "app": gettext_lazy("from another program"),
    "shop": gettext_lazy("from your shop"),
    "order": gettext_lazy("from an order, without a name"),
}
CONSENTS: Final[dict[str, str | Promise]] = {
    "yes": gettext_lazy("may be written to"),
    "no": gettext_lazy("may not be written to"),
    "unknown": gettext_lazy("not known whether she may be written to"),
}
_TABS: Final[tuple[tuple[str, str | Promise, Permission], ...]] = (
    ("customers", gettext_lazy("Overview"), Permission.COUNT_CUSTOMERS),
    ("customers/list", gettext_lazy("List"), Permission.CUSTOMERS),
    ("customers/find", gettext_lazy("Find"), Permission.CUSTOMER),
    ("customers/groups", gettext_lazy("Groups"), Permission.CUSTOMERS),
    ("customers/retention", gettext_lazy("Who came back"), Permission.COUNT_CUSTOMERS),
    ("customers/table", gettext_lazy("Table"), Permission.CUSTOMERS),
    ("customers/book", gettext_lazy("Settings"), Permission.CUSTOMERS),
)


@dataclass(slots=True)
class Row(Shown):
    """A customer in a list."""

    url: str
    name: str
    nameless: bool
    contact: str
    stage: str
    stage_name: str | Promise
    said: str
    value: str
    tags: tuple[str, ...]


def framed(team: OnTeam, part: str, title: str, **context: Any) -> dict[str, Any]:
    """The context of one of these pages; ``part`` is which tab it stands under."""
    tabs = [
        Tab(path(team.handle, name), label, name == part) for name, label, needs in _TABS if team.may(needs)
    ]
    place = PART if team.may(Permission.COUNT_CUSTOMERS) else "customers/find"
    return frame(
        team, place, title, tabs=tabs, base=path(team.handle, PART), may_write=team.may(Permission.CUSTOMERS), **context
    )  # fmt: skip


def row(team: OnTeam, line: Line) -> Row:
    """A line of a list as it is shown."""
    return Row(
        url=path(team.handle, f"customers/{line.id}"),
        name=name_of(line.name, line.contact),
        nameless=not (line.name or line.contact),
        contact=(line.contact or "") if line.name else "",
        stage=line.stage,
        stage_name=STAGES[line.stage],
        said=habit(line),
        value=money(line.value, line.currency) if line.value is not None and line.currency else "",
        tags=line.tags,
    )


def name_of(name: str, contact: str | None) -> str:
    """What to call her."""
    return name or contact or _("A customer without a name")


def habit(line: Line) -> str:
    """How often she comes, as a sentence."""
    if not line.orders or line.last_at is None:
        return ""
    said = ngettext("%(n)s order, the last on %(day)s.", "%(n)s orders, the last on %(day)s.", line.orders) % {
        "n": formats.number(line.orders), "day": formats.date(line.last_at),
    }  # fmt: skip
    if line.usual_days is None:
        return said
    days = max(round(line.usual_days), 1)
    every = ngettext("Usually every %(n)s day.", "Usually every %(n)s days.", days) % {
        "n": formats.number(days)
    }
    return f"{said} {every}"


def missing(lacking: NotEnough) -> str:
    """Not enough yet, about so many more."""
    if lacking.more is None:
        return _("Not enough yet: nobody has come back so far, so it cannot be said how many more it takes.")
    number = formats.number(lacking.more)
    if lacking.what == Need.RETURNING:
        return _(
            "Not enough yet: it takes customers who came back, %(need)s of them; there are %(have)s."
            " About %(more)s more customers."
        ) % {"need": formats.number(lacking.need), "have": formats.number(lacking.have), "more": number}
    return _("Not enough yet: about %(more)s more customers.") % {"more": number}


def brought(count: StageCount) -> str:
    """What a group has brought, each currency by itself."""
    return " · ".join(money(value, currency) for currency, value in count.money if currency)


def each(count: StageCount) -> str:
    """The same for one customer of it, in the currency most pay in."""
    if not count.money or not count.customers:
        return ""
    currency, value = count.money[0]
    return money((value / count.customers).quantize(Decimal("0.01")), currency)


def group_reaches(members: int) -> str:
    """How many of a group posts reach, in whole tens; 0 are fewer than ten."""
    if not members:
        return _(
            "Fewer than ten of this group joined themselves to the page so far. Until then nothing leaves for it."
        )
    return ngettext(
        "Those in the group when it leaves will be able to see it, if they joined themselves to the page:"
        " %(n)s member or a few more at present.",
        "Those in the group when it leaves will be able to see it, if they joined themselves to the page:"
        " %(n)s members or a few more at present.",
        members,
    ) % {"n": formats.number(members)}
