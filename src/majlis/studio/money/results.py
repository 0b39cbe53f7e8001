"""What it cost and what came back: ROI, ROAS, CAC, payback, as METRICS defines them, with all that is missing said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core import json, sql
from majlis.core.errors import BadInput, Conflict
from majlis.insights import windows
from majlis.insights.breakeven import MONTH_DAYS
from majlis.insights.windows import Window
from majlis.studio.money.atoms import Atom, Kind, atoms, grouped
from majlis.studio.money.terms import SQL, Terms

_CENT: Final = Decimal("0.01")
_HOUR: Final = Decimal(3600)


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """Atoms added up, in the book's currency. What could not be is in the last fields.

    ``revenue`` and ``margin`` are of all orders that stand, ``came_*`` of those that came of a tracked link or a promo
    code, ``named_margin`` of those that name their customer. A margin is None where nobody said what an order leaves.
    ``unpriced_seconds``: worked by roles without a rate. ``apart``: by currency, costs and revenue that no exchange rate is
    known for.
    """

    seconds: int = 0
    hours_cost: Decimal = Decimal(0)
    promotion: Decimal = Decimal(0)
    tools: Decimal = Decimal(0)
    production: Decimal = Decimal(0)
    other: Decimal = Decimal(0)
    orders: int = 0
    revenue: Decimal = Decimal(0)
    margin: Decimal | None = Decimal(0)
    came_orders: int = 0
    came_revenue: Decimal = Decimal(0)
    came_margin: Decimal | None = Decimal(0)
    named_margin: Decimal | None = Decimal(0)
    reported: bool = False
    unpriced_seconds: int = 0
    apart: dict[str, tuple[Decimal, Decimal]] = {}

    @property
    def hours(self) -> Decimal:
        """Hours worked."""
        return Decimal(self.seconds) / _HOUR

    @property
    def unpriced_hours(self) -> Decimal:
        """Hours of roles that no rate is given for: they are in no cost."""
        return Decimal(self.unpriced_seconds) / _HOUR

    @property
    def cost(self) -> Decimal:
        """The full cost: hours, promotion, tools, production and the rest."""
        return self.hours_cost + self.promotion + self.tools + self.production + self.other

    @property
    def acquisition(self) -> Decimal:
        """What METRICS counts for a new customer: promotion, tools and hours."""
        return self.hours_cost + self.promotion + self.tools

    @property
    def profit(self) -> Decimal | None:
        """Margin of what came of the posts, less the full cost."""
        return None if self.came_margin is None else self.came_margin - self.cost

    @property
    def roi(self) -> Decimal | None:
        """(margin of attributed revenue − full cost) ÷ full cost; None: nothing was spent, or no margin is known."""
        profit = self.profit
        return None if profit is None or self.cost <= 0 else profit / self.cost

    @property
    def roas(self) -> Decimal | None:
        """Attributed revenue ÷ promotion spend; None: nothing was spent on promotion."""
        return self.came_revenue / self.promotion if self.promotion > 0 else None

    @property
    def per_hour(self) -> Decimal | None:
        """Margin of what came of it, less everything but the hours, for each hour; None: no hour, or no margin known."""
        if self.came_margin is None or not self.seconds:
            return None
        return (self.came_margin - (self.cost - self.hours_cost)) / self.hours

    @property
    def complete(self) -> bool:
        """Whether nothing was left out."""
        return not self.unpriced_seconds and not self.apart and self.came_margin is not None


class Customers(msgspec.Struct, frozen=True):
    """Customers of the window's orders. ``new``: whose first order ever is in it; ``new_came``: of these, by a link or
    code; ``nameless``: orders whose shop named no customer, so that nobody can say whether she is new."""

    ordered: int
    new: int
    new_came: int
    nameless: int


class Line(msgspec.Struct, frozen=True):
    """The sums of one post, campaign or week; ``key`` None: of none in particular."""

    key: Any
    sums: Sums


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """A window of a page's money. ``roles`` and ``places``: seconds worked by each and there. ``payers``: customers of
    whom some order is in the sums, and is not kept apart for its currency."""

    window: Window
    days: int
    currency: str
    sums: Sums
    customers: Customers
    payers: int
    posts: tuple[Line, ...]
    campaigns: tuple[Line, ...]
    weeks: tuple[Line, ...]
    roles: Mapping[str, int]
    places: Mapping[str, int]

    @property
    def cac(self) -> Decimal | None:
        """What a new customer cost: (promotion + tools + hours) ÷ new customers who came of it; None: there was none."""
        return self.sums.acquisition / self.customers.new_came if self.customers.new_came else None

    @property
    def monthly_margin(self) -> Decimal | None:
        """Margin a customer who ordered left, told as of a month of 30 days; of orders that name their customer."""
        margin = self.sums.named_margin
        if margin is None or not self.payers or not self.days:
            return None
        return margin * MONTH_DAYS / (self.payers * self.days)

    @property
    def payback_months(self) -> Decimal | None:
        """Months of such margin until a new customer has paid for herself."""
        cac, monthly = self.cac, self.monthly_margin
        return cac / monthly if cac is not None and monthly is not None and monthly > 0 else None


def result(team: OnTeam, *, window: Window) -> Result:
    """The money of a window. Seven queries.

    Raises:
        NotAllowed: her role does not keep the money.
    """
    terms, found = atoms(team, window=window)
    since = window.since
    if since is None:
        raise ValueError("a window without beginning")
    sums = summed(found, terms.currency)
    row = sql.one(
        SQL["customers"], page=team.page_id, since=since, until=window.until, apart=list(sums.apart)
    ) or (0,) * 5  # fmt: skip
    zone = ZoneInfo(team.time_zone)
    last = (window.until - timedelta(microseconds=1)).astimezone(zone).date()
    roles: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for atom in found:
        if atom.seconds:
            roles[atom.role] += atom.seconds
            places[atom.place] += atom.seconds
    return Result(
        window=window,
        days=(last - since.astimezone(zone).date()).days + 1,
        currency=terms.currency,
        sums=sums,
        customers=Customers(*row[:4]),
        payers=row[4],
        posts=_lines(found, "post_id", terms),
        campaigns=_lines(found, "campaign_id", terms),
        weeks=_lines(found, "week", terms),
        roles=dict(roles),
        places=dict(places),
    )


def part(
    team: OnTeam, *, window: Window, entry_id: int | None = None, campaign_id: int | None = None
) -> Result:
    """The money of one entry or campaign alone: nothing is known of its customers, so no CAC. Six queries.

    Raises:
        NotAllowed: her role does not keep the money.
    """
    terms, found = atoms(team, window=window)
    own = [
        atom for atom in found
        if (entry_id is None or atom.entry_id == entry_id) and (campaign_id is None or atom.campaign_id == campaign_id)
    ]  # fmt: skip
    return Result(
        window=window, days=0, currency=terms.currency, sums=summed(own, terms.currency), customers=Customers(0, 0, 0, 0),
        payers=0, posts=(), campaigns=(), weeks=_lines(own, "week", terms), roles={}, places={},
    )  # fmt: skip


def _lines(found: list[Atom], key: str, terms: Terms) -> tuple[Line, ...]:
    lines = [Line(name, summed(group, terms.currency)) for name, group in grouped(found, key).items()]
    return tuple(sorted(lines, key=lambda line: (line.key is None, str(line.key))))


def summed(found: Iterable[Atom], currency: str) -> Sums:
    """Atoms added up, in one currency; the others are kept apart."""
    costs: defaultdict[str, Decimal] = defaultdict(Decimal)
    apart: defaultdict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    seconds = unpriced = 0
    revenue = came_revenue = Decimal(0)
    margin: Decimal | None = Decimal(0)
    came_margin: Decimal | None = Decimal(0)
    named_margin: Decimal | None = Decimal(0)
    orders = came_orders = 0
    reported = False
    for atom in found:
        seconds += atom.seconds
        if atom.currency != currency:
            apart[atom.currency][0] += atom.amount or 0
            apart[atom.currency][1] += atom.revenue
            continue
        if atom.amount is None:
            unpriced += atom.seconds
        else:
            costs[atom.kind] += atom.amount
        if atom.kind is not Kind.RETURN:
            continue
        orders += atom.orders
        revenue += atom.revenue
        margin = _more(margin, atom.margin)
        if atom.named:
            named_margin = _more(named_margin, atom.margin)
        if atom.came:
            reported = reported or atom.reported
            came_orders += atom.orders
            came_revenue += atom.revenue
            came_margin = _more(came_margin, atom.margin)
    return Sums(
        seconds=seconds, hours_cost=costs[Kind.HOURS], promotion=costs[Kind.PROMOTION], tools=costs[Kind.TOOLS],
        production=costs[Kind.PRODUCTION], other=costs[Kind.OTHER], orders=orders, revenue=revenue, margin=margin,
        came_orders=came_orders, came_revenue=came_revenue, came_margin=came_margin, named_margin=named_margin,
        reported=reported, unpriced_seconds=unpriced,
        apart={code: (each[0], each[1]) for code, each in sorted(apart.items())},
    )  # fmt: skip


def _more(sum_: Decimal | None, margin: Decimal | None) -> Decimal | None:
    return None if sum_ is None or margin is None else sum_ + margin


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a month was when it was closed, in cents of ``currency``."""

    currency: str
    hours: Decimal
    cost: Decimal
    orders: int
    revenue: Decimal
    margin: Decimal | None
    profit: Decimal | None


class Closed(msgspec.Struct, frozen=True):
    """A closed month: what was told then."""

    month: date
    told: Told
    closed_at: datetime


_read_told: Final = json.own_reader(Told)


def month_window(month: date, *, zone: str) -> Window:
    """A calendar month of the page: from its first midnight there to the next month's."""
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return Window(windows.midnight(month.replace(day=1), zone=zone), windows.midnight(after, zone=zone))


def told(found: Result) -> Told:
    """A result as it is kept when its month is closed."""
    sums = found.sums
    return Told(
        currency=found.currency, hours=sums.hours.quantize(_CENT), cost=sums.cost.quantize(_CENT),
        orders=sums.came_orders, revenue=sums.came_revenue.quantize(_CENT),
        margin=None if sums.came_margin is None else sums.came_margin.quantize(_CENT),
        profit=None if sums.profit is None else sums.profit.quantize(_CENT),
    )  # fmt: skip


def close_month(team: OnTeam, *, month: date, at: datetime) -> Told:
    """Close a month: what is told of it now is kept. Later refunds change the month, and the difference is shown.

    Raises:
        BadInput: the month is not over.
        Conflict: it is closed already.
        NotAllowed: her role does not keep the money.
    """
    window = month_window(month, zone=team.time_zone)
    if window.until > at:
        raise BadInput(_("This month is not over yet."), field="month", code="not_over")
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.BUDGET, lock=True)
        now = told(result(team, window=window))
        kept = sql.execute(
            SQL["close_month"], page=team.page_id, month=month.replace(day=1), told=json.encode(now).decode(),
            by=team.by, at=at,
        )  # fmt: skip
        if not kept:
            raise Conflict(_("This month is closed already."), code="closed")
        deeds.note(team, "money.closed", at=at, month=month.replace(day=1).isoformat())
    return now


def closed_months(team: OnTeam) -> list[Closed]:
    """The months that were closed, newest first.

    Raises:
        NotAllowed: her role does not keep the money.
    """
    team.require(Permission.MONEY)
    rows = sql.rows(SQL["closed_months"], page=team.page_id)
    return [Closed(month, _read_told(kept), at) for month, kept, at in rows]
