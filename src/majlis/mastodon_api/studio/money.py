"""What a page costs and earns: the month, hours, costs, rates, attribution. docs/money.md."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission, Role
from majlis.insights import breakeven
from majlis.insights.breakeven import Economy
from majlis.insights.reports.measures import MEMBERS
from majlis.insights.windows import Window as WindowView
from majlis.mastodon_api.described import NOTHING, Id, Key, Moment
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.figure import Figure, Window, figure, window
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.mastodon_api.studio.team import Made
from majlis.mastodon_api.studio.windows import Days, asked
from majlis.studio import moments
from majlis.studio.money import comparing, costs, hours, journeys, results, terms
from majlis.studio.money.comparing import MODEL_WORDS
from majlis.studio.money.figures import figures
from majlis.studio.money.journeys import MODELS, By
from majlis.studio.money.own_month import ASKED, orders_of, own_month
from majlis.studio.money.results import Line, Sums, Told

_MINUTE = timedelta(minutes=1)
_YEAR = timedelta(days=365)


class OfMonth(msgspec.Struct, frozen=True, kw_only=True):
    """Any day of the month that is meant; none: this month so far."""

    month: date | None = None


class MoneySums(msgspec.Struct, frozen=True, kw_only=True):
    """Money of a post, campaign or week, in the page's currency. ``margin`` null: nobody said what an order leaves;
    ``per_hour`` null: no hour, or no margin; ``roi`` null: nothing was spent."""

    hours: Decimal
    hours_cost: Decimal
    promotion: Decimal
    tools: Decimal
    production: Decimal
    other: Decimal
    cost: Decimal
    orders: int
    revenue: Decimal
    margin: Decimal | None
    profit: Decimal | None
    per_hour: Decimal | None
    roi: Decimal | None


class MoneyLine(msgspec.Struct, frozen=True, kw_only=True):
    """Sums of one post, campaign or week (its Monday); ``key`` null: of none in particular."""

    key: str | None
    sums: MoneySums


class Apart(msgspec.Struct, frozen=True):
    """What is in a currency that no rate is given for."""

    currency: str
    cost: Decimal
    revenue: Decimal


class MonthTold(msgspec.Struct, frozen=True, kw_only=True):
    """A month as it was told on a day."""

    currency: str
    hours: Decimal
    cost: Decimal
    orders: int
    revenue: Decimal
    margin: Decimal | None
    profit: Decimal | None


class ClosedMonth(msgspec.Struct, frozen=True, kw_only=True):
    """A closed month as it was told then."""

    month: date
    told: MonthTold
    closed_at: Moment


class MoneyMonth(msgspec.Struct, frozen=True, kw_only=True):
    """A month of money. ``unpriced_hours``: of roles without a rate, in no cost. ``closed`` null: it is open;
    ``now``: the same as it is now."""

    month: date
    window: Window
    currency: str
    figures: list[Figure]
    sums: MoneySums
    unpriced_hours: Decimal
    apart: list[Apart]
    posts: list[MoneyLine]
    campaigns: list[MoneyLine]
    weeks: list[MoneyLine]
    closed: ClosedMonth | None
    now: MonthTold


def _plain(given: Id | None) -> int | None:
    return None if given is None else int(given)


def _cents(value: Decimal | None, step: str = "0.01") -> Decimal | None:
    return None if value is None else value.quantize(Decimal(step))


def _sums(view: Sums) -> MoneySums:
    cent = Decimal("0.01")
    return MoneySums(
        hours=view.hours.quantize(cent), hours_cost=view.hours_cost.quantize(cent), promotion=view.promotion.quantize(cent),
        tools=view.tools.quantize(cent), production=view.production.quantize(cent), other=view.other.quantize(cent),
        cost=view.cost.quantize(cent), orders=view.came_orders, revenue=view.came_revenue.quantize(cent),
        margin=_cents(view.came_margin), profit=_cents(view.profit), per_hour=_cents(view.per_hour),
        roi=_cents(view.roi, "0.0001"),
    )  # fmt: skip


def _line(view: Line) -> MoneyLine:
    key = view.key.isoformat() if isinstance(view.key, date) else None if view.key is None else str(view.key)
    return MoneyLine(key=key, sums=_sums(view.sums))


def _told(view: Told) -> MonthTold:
    return MonthTold(**msgspec.structs.asdict(view))


def _closed(view: results.Closed) -> ClosedMonth:
    return ClosedMonth(month=view.month, told=_told(view.told), closed_at=moment(view.closed_at))


@team(
    Permission.MONEY,
    says=_("What a month cost and brought, and what of it is not known"),
    takes=OfMonth,
    gives=MoneyMonth,
)
def month(call: Call, team: OnTeam, sent: OfMonth) -> MoneyMonth:
    first = (sent.month or _today(call, team)).replace(day=1)
    whole = results.month_window(first, zone=team.time_zone)
    until = min(whole.until, call.at + _MINUTE) if whole.since and whole.since <= call.at else whole.until
    within = WindowView(whole.since, until)
    found = results.result(team, window=within)
    closed = next((each for each in results.closed_months(team) if each.month == first), None)
    return MoneyMonth(
        month=first, window=window(within), currency=found.currency, figures=[figure(each) for each in figures(found)],
        sums=_sums(found.sums), unpriced_hours=found.sums.unpriced_hours.quantize(Decimal("0.01")),
        apart=[Apart(code, *amounts) for code, amounts in found.sums.apart.items()],
        posts=[_line(each) for each in found.posts], campaigns=[_line(each) for each in found.campaigns],
        weeks=[_line(each) for each in found.weeks], closed=_closed(closed) if closed else None,
        now=_told(results.told(found)),
    )  # fmt: skip


def _today(call: Call, team: OnTeam) -> date:
    return moments.on_the_wall(call.at, zone=team.time_zone).date()


class ToClose(msgspec.Struct, frozen=True):
    """Any day of the month."""

    month: date


@team(Permission.MONEY, says=_("Months that were closed, as they were told then"), gives=list[ClosedMonth])
def closed(call: Call, team: OnTeam) -> list[ClosedMonth]:
    return [_closed(each) for each in results.closed_months(team)]


@team(
    Permission.BUDGET,
    writes=True,
    says=_("Close a month: what it is told as now is kept"),
    takes=ToClose,
    gives=MonthTold,
)
def close(call: Call, team: OnTeam, sent: ToClose) -> MonthTold:
    return _told(results.close_month(team, month=sent.month, at=call.at))


# hours ------------------------------------------------------------------------------------------------------


class HoursConsent(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the timer may measure you in the studio (only there), and whether your team sees your name."""

    measured: bool
    named: bool = False
    forget: bool = False


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of your own work."""

    id: Key
    role: str
    place: str
    entry_id: Key | None
    campaign_id: Key | None
    by_hand: bool
    note: str
    seconds: int
    began_at: Moment


class OwnHours(msgspec.Struct, frozen=True, kw_only=True):
    """Your own hours. ``since`` null: nothing is measured."""

    measured: bool
    named: bool
    since: Moment | None
    window: Window
    pieces: list[Piece]


class Worked(msgspec.Struct, frozen=True, kw_only=True):
    """Hours of one day, by hand: your own; with ``role`` (for whom may budget) of a role, without a name."""

    hours: Decimal
    day: date
    role: Role | None = None
    entry_id: Id | None = None
    campaign_id: Id | None = None
    note: str = ""


class NamedHours(msgspec.Struct, frozen=True, kw_only=True):
    """Of somebody who lets her team see her name."""

    account_id: Key
    role: str
    seconds: int


class TeamHours(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds of the team: by role, by place, by week (its Monday)."""

    window: Window
    seconds: int
    roles: dict[str, int]
    places: dict[str, int]
    weeks: dict[str, int]
    named: list[NamedHours]


@team(Permission.READ, says=_("Your own hours, and whether they are measured"), takes=Days, gives=OwnHours)
def own_hours(call: Call, team: OnTeam, sent: Days) -> OwnHours:
    within = asked(call, team, sent)
    allowed = hours.consent(team)
    return OwnHours(
        measured=allowed is not None, named=bool(allowed and allowed.named),
        since=moment(allowed.since) if allowed else None,
        window=window(within),
        pieces=[
            Piece(
                id=str(each.id), role=each.role, place=each.place, by_hand=each.by_hand, note=each.note,
                seconds=each.seconds,
                entry_id=str(each.entry_id) if each.entry_id else None,
                campaign_id=str(each.campaign_id) if each.campaign_id else None, began_at=moment(each.began_at),
            )
            for each in hours.own(team, window=within)
        ],
    )  # fmt: skip


@team(Permission.READ, writes=True, says=_("Write hours down by hand"), takes=Worked, once=True)
def write_hours(call: Call, team: OnTeam, sent: Worked) -> object:
    hours.write_down(
        team, hours=sent.hours, day=sent.day, role=sent.role, entry_id=_plain(sent.entry_id),
        campaign_id=_plain(sent.campaign_id),
        note=sent.note, at=call.at,
    )  # fmt: skip
    return NOTHING


@team(
    Permission.READ,
    writes=True,
    says=_("Let your hours be measured, or no more; with “forget” what was measured is deleted"),
    takes=HoursConsent,
)
def consent(call: Call, team: OnTeam, sent: HoursConsent) -> object:
    if sent.measured:
        hours.allow(team, named=sent.named, at=call.at)
    else:
        hours.withdraw(team, forget=sent.forget)
    return NOTHING


@team(Permission.READ, writes=True, says=_("Delete a piece of your own work"))
def forget_hours(call: Call, team: OnTeam, work_id: int) -> object:
    hours.forget(team, work_id=work_id, at=call.at)
    return NOTHING


@team(
    Permission.MONEY,
    says=_("Hours of the team as sums, with the names of those who allow it"),
    takes=Days,
    gives=TeamHours,
)
def team_hours(call: Call, team: OnTeam, sent: Days) -> TeamHours:
    within = asked(call, team, sent)
    found = hours.of_team(team, window=within)
    return TeamHours(
        window=window(within), seconds=found.seconds, roles={role.value: seconds for role, seconds in found.roles.items()},
        places={place.value: seconds for place, seconds in found.places.items()},
        weeks={week.isoformat(): seconds for week, seconds in found.weeks.items()},
        named=[
            NamedHours(account_id=str(each.profile_id), role=each.role, seconds=each.seconds)
            for each in hours.named(team, window=within)
        ],
    )  # fmt: skip


# costs and rates --------------------------------------------------------------------------------------------


class Between(msgspec.Struct, frozen=True, kw_only=True):
    """Days; without them the last year and the next."""

    first: date | None = None
    last: date | None = None


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Money that was spent, for the days from the first to the last."""

    id: Key
    kind: str
    amount: Decimal
    currency: str
    from_day: date
    to_day: date
    entry_id: Key | None
    campaign_id: Key | None
    note: str


class CostFields(msgspec.Struct, frozen=True, kw_only=True):
    """``kind``: tools, production or other."""

    kind: str
    amount: Decimal
    currency: str
    from_day: date
    to_day: date | None = None
    entry_id: Id | None = None
    campaign_id: Id | None = None
    note: str = ""


class RateKey(msgspec.Struct, frozen=True, kw_only=True):
    """Which rate: ``hour`` of a role, ``margin`` (no key), ``exchange`` of a currency; from which day."""

    kind: str
    from_day: date
    key: str = ""


class Rate(RateKey, frozen=True, kw_only=True):
    """``value``: an hour's cost; the share of an order that is left (0 to 1); what one unit is in the page's currency."""

    value: Decimal


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """How a page counts: its currency, after how many seconds without a key the timer stops, all rates."""

    currency: str
    idle_seconds: int
    rates: list[Rate]


class BookFields(msgspec.Struct, frozen=True, kw_only=True):
    """Count in this currency; ``idle_seconds`` between 60 and 900."""

    currency: str
    idle_seconds: Annotated[int, Meta(ge=0, le=100_000)] = terms.USUAL_IDLE


@team(Permission.MONEY, says=_("What was spent besides hours and promotion"), takes=Between, gives=list[Cost])
def index_costs(call: Call, team: OnTeam, sent: Between) -> list[Cost]:
    today = _today(call, team)
    found = costs.costs(team, first=sent.first or today - _YEAR, last=sent.last or today + _YEAR)
    return [
        Cost(
            id=str(each.id), kind=each.kind, amount=each.amount, currency=each.currency, from_day=each.from_day,
            to_day=each.to_day, entry_id=str(each.entry_id) if each.entry_id else None,
            campaign_id=str(each.campaign_id) if each.campaign_id else None, note=each.note,
        )
        for each in found
    ]  # fmt: skip


@team(
    Permission.BUDGET,
    writes=True,
    says=_("Write down money that was spent"),
    takes=CostFields,
    gives=Made,
    once=True,
)
def spend(call: Call, team: OnTeam, sent: CostFields) -> Made:
    made = costs.spend(
        team, kind=sent.kind, amount=sent.amount, currency=sent.currency, from_day=sent.from_day, to_day=sent.to_day,
        entry_id=_plain(sent.entry_id), campaign_id=_plain(sent.campaign_id), note=sent.note, at=call.at,
    )  # fmt: skip
    return Made(str(made))


@team(Permission.BUDGET, writes=True, says=_("It was not spent after all"))
def forget_cost(call: Call, team: OnTeam, cost_id: int) -> object:
    costs.forget(team, cost_id=cost_id, at=call.at)
    return NOTHING


def _book(team: OnTeam) -> Book:
    view = terms.terms(team.page_id)
    rates = [
        Rate(kind=kind, key=key, from_day=day, value=value.normalize() + 0)
        for (kind, key), given in view.rates.items()
        for day, value in given
    ]
    return Book(currency=view.currency, idle_seconds=view.idle_seconds, rates=rates)


@team(Permission.MONEY, says=_("How the page counts: its currency and all rates"), gives=Book)
def show_book(call: Call, team: OnTeam) -> Book:
    return _book(team)


@team(Permission.BUDGET, writes=True, says=_("Count in this currency"), takes=BookFields, gives=Book)
def keep_book(call: Call, team: OnTeam, sent: BookFields) -> Book:
    terms.keep_book(team, currency=sent.currency, idle_seconds=sent.idle_seconds, at=call.at)
    return _book(team)


@team(Permission.BUDGET, writes=True, says=_("A rate from a day on"), takes=Rate, gives=Book)
def keep_rate(call: Call, team: OnTeam, sent: Rate) -> Book:
    terms.keep_rate(team, kind=sent.kind, key=sent.key, day=sent.from_day, value=sent.value, at=call.at)
    return _book(team)


@team(
    Permission.BUDGET,
    writes=True,
    says=_("A rate holds no more; the one before it does"),
    takes=RateKey,
    gives=Book,
)
def forget_rate(call: Call, team: OnTeam, sent: RateKey) -> Book:
    terms.forget_rate(team, kind=sent.kind, key=sent.key, day=sent.from_day, at=call.at)
    return _book(team)


# attribution ------------------------------------------------------------------------------------------------


class Credited(Days, frozen=True, kw_only=True):
    """A window, and what is credited."""

    by: By = By.CHANNEL


class ModelCredits(msgspec.Struct, frozen=True, kw_only=True):
    """What a model credits: orders and their value by channel, or by id of posts or campaigns (``none``: of links of
    none). ``untouched``: orders before which no click or code is known. With them, each adds up to all orders."""

    model: str
    says: str
    cannot_say: str
    orders: dict[str, float]
    value: dict[str, Decimal]
    untouched: float
    untouched_value: Decimal


class Attribution(msgspec.Struct, frozen=True, kw_only=True):
    """Eight models over the same journeys. ``left_out``: orders of currencies without a rate, by currency."""

    window: Window
    by: By
    currency: str
    orders: int
    revenue: Decimal
    lookback_days: int
    population: str
    grade: str
    models: list[ModelCredits]
    left_out: dict[str, int]


@team(
    Permission.MONEY,
    says=_("What eight models of attribution credit the orders to"),
    takes=Credited,
    gives=Attribution,
)
def attribution(call: Call, team: OnTeam, sent: Credited) -> Attribution:
    within = asked(call, team, sent)
    found = journeys.compare(team, window=within, by=sent.by)
    cent = Decimal("0.01")
    return Attribution(
        window=window(within), by=found.by, currency=found.currency, orders=found.orders,
        revenue=found.revenue.quantize(cent),
        lookback_days=found.lookback.days, population=str(comparing.POPULATION), grade="exact", left_out=dict(found.apart),
        models=[
            ModelCredits(
                model=model, says=str(MODEL_WORDS[model].says), cannot_say=str(MODEL_WORDS[model].cannot),
                orders={name: round(value, 6) for name, value in found.models[model].by_channel.items()},
                value=found.models[model].money(), untouched=found.models[model].untouched,
                untouched_value=found.models[model].untouched_worth.quantize(cent),
            )
            for model in MODELS
        ],
    )  # fmt: skip


# break-even -------------------------------------------------------------------------------------------------


class MonthAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A month. What is not sent is as in the page's own last 28 days; rates are shares of one, money is in the currency of
    the book."""

    posts: Annotated[float, Meta(ge=0, le=1e3)] | None = None
    reach_rate: Annotated[float, Meta(ge=0, le=1)] | None = None
    click_rate: Annotated[float, Meta(ge=0, le=1)] | None = None
    conversion_rate: Annotated[float, Meta(ge=0, le=1)] | None = None
    margin: Annotated[float, Meta(ge=0, le=1e12)] | None = None
    cost: Annotated[float, Meta(ge=0, le=1e12)] | None = None
    followers: Annotated[int, Meta(ge=0, le=10**10)] | None = None


class WithFollowers(msgspec.Struct, frozen=True):
    """What a month brings with so many followers: orders, and what is left of them after its cost."""

    followers: int
    orders: float
    result: float


class BreakEven(msgspec.Struct, frozen=True, kw_only=True):
    """How many followers pay for a month (null: no number does, or something is ``missing``), and what 15, 500, 15,000 and
    those there are would bring. ``own``: which numbers are the page's own, from its ``window``."""

    window: Window
    population: str
    grade: str
    formula: str
    currency: str
    asked: MonthAsked
    own: list[str]
    missing: list[str]
    followers: int | None
    months: list[WithFollowers]


@team(
    Permission.MONEY, says=_("How many followers pay for a month, by the page's own numbers or by others"),
    takes=MonthAsked, gives=BreakEven,
)  # fmt: skip
def break_even(call: Call, team: OnTeam, sent: MonthAsked) -> BreakEven:
    known = own_month(team, at=call.at)
    names = MonthAsked.__struct_fields__
    own = [name for name in names if getattr(sent, name) is None and getattr(known, name) is not None]
    values = {name: getattr(known if name in own else sent, name) for name in names}
    missing = [name for name in names if values[name] is None and name != "followers"]
    needed, months = None, []
    if not missing:
        month = Economy(**{name: values[name] for name in names if name != "followers"})
        needed = breakeven.break_even(month)
        counts = sorted({*ASKED, *(each for each in (values["followers"], needed) if each is not None)})
        months = [
            WithFollowers(each, round(orders_of(month, each), 6), round(breakeven.monthly_result(month, followers=each), 2))
            for each in counts
        ]  # fmt: skip
    return BreakEven(
        window=window(WindowView(known.weeks.since, known.weeks.until)), population=str(MEMBERS),
        grade="exact" if len(own) == len(names) else "estimated",
        formula=str(_("What a month costs ÷ (posts × reach rate × click rate × conversion rate × margin of an order)")),
        currency=known.currency, asked=MonthAsked(**values), own=own, missing=missing, followers=needed, months=months,
    )  # fmt: skip


_MONEY = "api/v1/studio/<page_id>/money"
urls = [
    route(_MONEY, GET=month),
    route(f"{_MONEY}/closed", GET=closed, POST=close),
    route(f"{_MONEY}/hours", GET=own_hours, POST=write_hours),
    route(f"{_MONEY}/hours/consent", PUT=consent),
    route(f"{_MONEY}/hours/team", GET=team_hours),
    route(f"{_MONEY}/hours/<work_id>", DELETE=forget_hours),
    route(f"{_MONEY}/costs", GET=index_costs, POST=spend),
    route(f"{_MONEY}/costs/<cost_id>", DELETE=forget_cost),
    route(f"{_MONEY}/book", GET=show_book, PUT=keep_book),
    route(f"{_MONEY}/rates", POST=keep_rate, DELETE=forget_rate),
    route(f"{_MONEY}/attribution", GET=attribution),
    route(f"{_MONEY}/break_even", GET=break_even),
]
