"""Which customers are slipping away? Who has been away for longer than her own habit and is not yet given up on.

Only counts, and money by groups: who they are stands with the customers, behind a permission of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.insights.exports.sheet import Column, Sheet
from majlis.insights.figures import Figure, Part, Unit, Why
from majlis.insights.methods import stages
from majlis.insights.methods.orders import History, Purchase, histories
from majlis.insights.methods.stages import Stage, Worth
from majlis.insights.plots import bars, saying, writing
from majlis.insights.plots.plot import Plot, notes
from majlis.insights.windows import Window
from majlis.studio.money import terms as books
from majlis.studio.owner.answers import Answer, Question, Todo, cents
from majlis.studio.owner.pieces import SQL

_STEP: Final = Decimal("0.000001")
_POPULATION: Final = gettext_lazy(
    "Customers whom the shop names, by their orders that stand and whose currency can be counted"
)
STAGES: Final[Mapping[Stage, tuple[str | Promise, str | Promise]]] = {
    Stage.NEW: (pgettext_lazy("customers", "New"), gettext_lazy("First order at most 30 days ago.")),
    Stage.RECENT: (
        pgettext_lazy("customers", "Recent"),
        gettext_lazy("Two orders or more, the last at most 90 days ago."),
    ),
    Stage.QUIET: (
        pgettext_lazy("customers", "Quiet"),
        gettext_lazy("Neither new nor back lately, and not yet gone."),
    ),
    Stage.OLD: (
        pgettext_lazy("customers", "Old"),
        gettext_lazy("Away for more than twice her own usual gap, or for more than 180 days."),
    ),
}


class Customers(msgspec.Struct, frozen=True, kw_only=True):
    """A page's customers at a moment. ``late``: of how many it is longer than their habit, and what they spent.
    ``apart``: orders by currencies without a rate; ``nameless``: orders that name nobody. Both are not looked at."""

    at: datetime
    currency: str
    found: int
    returning: int
    late: int
    late_money: Decimal
    groups: Mapping[Stage, Worth]
    apart: Mapping[str, int]
    nameless: int


def customers(team: OnTeam, *, at: datetime) -> Customers:
    """Everybody who ordered before a moment. Four queries.

    Raises:
        NotAllowed: her role does not see the money.
    """
    team.require(Permission.MONEY)
    terms, zone = books.terms(team.page_id), ZoneInfo(team.time_zone)
    apart: Counter[str] = Counter()
    bought: list[Purchase] = []
    for who, ordered_at, day, currency, value in sql.rows(
        SQL["orders"], page=team.page_id, at=at, zone=team.time_zone
    ):
        rate = terms.exchange(currency, day)
        if rate is None:
            apart[currency] += 1
            continue
        bought.append(
            Purchase(customer=who, at=ordered_at.astimezone(zone), value=(value * rate).quantize(_STEP))
        )
    there = at.astimezone(zone)
    known = histories(bought, at=there)
    late = stages.slipping(known, at=there)
    worth = stages.worth(known, group=lambda one: stages.stage(one, at=there))
    row = sql.one(SQL["nameless"], page=team.page_id, at=at)
    return Customers(
        at=at, currency=terms.currency, found=len(known), returning=sum(_returned(one) for one in known), late=len(late),
        late_money=sum((one.money for one, _habit in late), Decimal(0)), groups=worth, apart=dict(apart),
        nameless=row[0] if row else 0,
    )  # fmt: skip


def _returned(one: History) -> bool:
    return len({each.at.date() for each in one.purchases}) > 1


def slipping(team: OnTeam, *, at: datetime) -> Answer:
    """The answer at a moment. Four queries.

    Raises:
        NotAllowed: her role does not see the money.
    """
    return answer(customers(team, at=at), zone=team.time_zone)


def answer(found: Customers, *, zone: str) -> Answer:
    """The same of customers that are there already."""
    window = Window(None, found.at)
    return Answer(
        question=Question.SLIPPING,
        sentence=" ".join(filter(None, (_sentence(found), _left_out(found)))),
        enough=bool(found.returning),
        more=None if found.returning else 1,
        figures=_figures(found, window),
        todo=_todo(found),
        sheet=_table(found, window, zone),
        plot=_plot(found, window, zone),
    )


def _sentence(found: Customers) -> str:
    if not found.found:
        return _(
            "Not enough yet: no order names a customer. A shop that is connected tells a key for each of them, never a name."
        )
    if not found.returning:
        return ngettext(
            "Not enough yet: %(count)s customer is known, and nobody came a second time; a habit is told "
            "from the second visit on.",
            "Not enough yet: %(count)s customers are known, and nobody came a second time; a habit is told "
            "from the second visit on.",
            found.found,
        ) % {"count": writing.number(found.found)}
    if not found.late:
        return ngettext(
            "None: the %(count)s customer who came more than once has not been away for longer than usual.",
            "None: of %(count)s customers who came more than once nobody who can still be won back has been "
            "away for longer than usual.",
            found.returning,
        ) % {"count": writing.number(found.returning)}
    return ngettext(
        "%(count)s of %(all)s customers who came more than once has been away for longer than her own "
        "habit. Until now she spent %(money)s.",
        "%(count)s of %(all)s customers who came more than once have been away for longer than their "
        "own habit. Until now they spent %(money)s.",
        found.late,
    ) % {
        "count": writing.number(found.late), "all": writing.number(found.returning),
        "money": saying.money(found.late_money.quantize(Decimal("0.01")), found.currency),
    }  # fmt: skip


def _left_out(found: Customers) -> str:
    said = []
    if found.nameless:
        said.append(
            ngettext(
                "%(count)s order names no customer and is not looked at.",
                "%(count)s orders name no customer and are not looked at.",
                found.nameless,
            )
            % {"count": writing.number(found.nameless)}
        )
    if found.apart:
        codes = ("، " if writing.rtl() else ", ").join(sorted(found.apart))
        said.append(
            _("Orders in %(currencies)s are not looked at: no exchange rate is given.")
            % {"currencies": codes}
        )
    return " ".join(said)


def _figures(found: Customers, window: Window) -> tuple[Figure, ...]:
    def count(name: str, value: int, formula: str, parts: tuple[Part, ...] = ()) -> Figure:
        return Figure(
            name=name, value=value, window=window, population=_POPULATION, formula=formula, parts=parts
        )

    return (
        count(
            _("Away longer than usual"), found.late,
            _("Days since her last order > the median of the days between her visits, and at most 180."),
            (Part(_("Came more than once"), found.returning),),
        ),
        Figure(
            name=_("What they spent until now"), value=cents(found.late_money), unit=Unit.MONEY, currency=found.currency,
            window=window, population=_POPULATION, formula=_("Value of all their orders after refunds."),
        ),
        *(
            count(str(name), _of(found, stage).customers if stage in found.groups else 0, str(meaning))
            for stage, (name, meaning) in STAGES.items()
        ),
        Figure(
            name=_("Customers in all"), value=found.found or None, why=None if found.found else Why.NOTHING_YET,
            window=window, population=_POPULATION, formula=_("Distinct customers with an order that stands."),
        ),
    )  # fmt: skip


def _of(found: Customers, stage: Stage) -> Worth:
    return found.groups[stage]


def _todo(found: Customers) -> tuple[Todo, ...]:
    if not found.found:
        return (Todo(_("Connect your shop, or report orders by the API."), "links/shops"),)
    return (
        Todo(_("See who they are, and write to them."), "customers"),
        Todo(_("Give them a reason: a promo code that ends soon."), "links/codes"),
    )


def _table(found: Customers, window: Window, zone: str) -> Sheet:
    rows = []
    for stage, (name, meaning) in STAGES.items():
        worth = found.groups.get(stage)
        rows.append((
            str(name), worth.customers if worth else 0, worth.purchases if worth else 0,
            cents(worth.money if worth else Decimal(0)), found.currency,
            None if worth is None or worth.share is None else float(worth.share), str(meaning),
        ))  # fmt: skip
    return Sheet(
        _("Customers by stage"),
        (
            Column(_("Stage")), Column(_("Customers"), "number"), Column(_("Orders"), "number"), Column(_("Spent"), "money"),
            Column(_("Currency")), Column(_("Share of all they spent"), "percent"), Column(_("What it means"), "prose"),
        ),
        tuple(rows),
        notes(window=window, population=_POPULATION, zone=zone, formulas=_figures(found, window)[:1]),
    )  # fmt: skip


def _plot(found: Customers, window: Window, zone: str) -> Plot:
    drawn = [
        bars.Bar(str(STAGES[stage][0]), worth.customers, writing.number(worth.customers), colour)
        for (stage, colour) in zip(STAGES, ("--plot-3", "--plot-1", "--plot-6", "--plot-5"), strict=True)
        if (worth := found.groups.get(stage))
    ]
    joint = "؛ " if writing.rtl() else "; "
    return Plot(
        name="slipping",
        title=_("Customers by stage"),
        said=joint.join(f"{bar.name}: {bar.label}" for bar in drawn) or _("Nothing to draw yet."),
        sheet=_table(found, window, zone),
        spec=bars.lying(drawn),
    )
