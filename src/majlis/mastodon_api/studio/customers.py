"""Customers of a page: written down, changed, found, listed, merged, erased; counts, groups, who came back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from majlis.brands.access import OnTeam
from majlis.brands.customers import erasing, merging, records
from majlis.brands.customers.given import Given, checked
from majlis.brands.customers.records import Record
from majlis.brands.roles import Permission
from majlis.core.errors import BadInput
from majlis.insights.methods import cohorts
from majlis.mastodon_api.described import NOTHING, Id, Key, Moment
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.studio.customers import addressing, lists, retention, segments
from majlis.studio.customers.lists import Line
from majlis.studio.customers.rules import EVERYBODY, Rule, read


class CustomerFields(msgspec.Struct, frozen=True, kw_only=True):
    """A customer. What is left out stays as it is; in a change, lists are all there is from then on. ``consent`` is
    yes, no or unknown, said ``consent_at`` (now) in the way ``consent_how`` tells."""

    name: str | None = None
    note: str | None = None
    tags: list[str] = []
    emails: list[str] = []
    phones: list[str] = []
    ids: list[str] = []
    consent: str | None = None
    consent_how: str = ""
    consent_at: str | None = None


class ConsentSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of being written to, and how."""

    consent: str
    how: str
    said_at: Moment
    written_at: Moment


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A record. ``account_id``: the member she allowed this page to know her as."""

    id: Key
    name: str
    note: str
    tags: list[str]
    emails: list[str]
    phones: list[str]
    ids: list[str]
    source: str
    consent: str
    consent_history: list[ConsentSaid]
    account_id: Key | None
    merged: list[Key]
    perhaps_same: list[Key]
    stage: str
    orders: int
    value: Decimal | None
    currency: str | None
    created_at: Moment
    updated_at: Moment


class CustomerLine(msgspec.Struct, frozen=True, kw_only=True):
    """A customer in a list. ``stage`` is new, recent, quiet, old, or none without an order; fifths are 1 to 5."""

    id: Key
    name: str
    contact: str | None
    tags: list[str]
    consent: str
    stage: str
    orders: int
    value: Decimal | None
    currency: str | None
    first_order_at: Moment | None
    last_order_at: Moment | None
    usual_days: float | None
    recency: int | None
    frequency: int | None
    money: int | None


class CustomerList(msgspec.Struct, frozen=True):
    """Some customers, and what the next ones come ``after``; null at the end."""

    customers: list[CustomerLine]
    after: str | None


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """Which customers: of a stage, later than their habit, of a group, by words; in the order of ``sort``
    (last, first, value, made)."""

    stage: str | None = None
    late: bool = False
    group_id: Id | None = None
    q: str = ""
    sort: str = "last"
    after: str = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class Words(msgspec.Struct, frozen=True):
    """A part of a name, address, number or id."""

    q: str


class StageFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A stage: how many, their orders, and what these brought by currency (exact, refunds taken off)."""

    stage: str
    customers: int
    orders: int
    money: dict[str, Decimal]


class CustomerCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The page's customers in numbers. ``late``: away for longer than their own habit."""

    stages: list[StageFigures]
    late: int
    new_this_month: int


class CohortFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Whose first order was in the month that began on ``start``; ``rates``: of each month from that on, the share
    that ordered, null while it lasts."""

    start: date
    size: int
    active: list[int]
    rates: list[float | None]


class Other(msgspec.Struct, frozen=True):
    """The record that is the same person."""

    customer_id: Id


class MergeMade(msgspec.Struct, frozen=True):
    """By this a merge is taken back."""

    merge_id: Key


class GroupFields(msgspec.Struct, frozen=True, kw_only=True):
    """A group: all that is said has to be true; of stages and tags, one."""

    name: str
    stages: list[str] = []
    tags: list[str] = []
    overdue: bool = False
    recency: int | None = None
    frequency: int | None = None
    money: int | None = None
    value_from: Decimal | None = None
    value_to: Decimal | None = None
    currency: str = ""
    last_from: int | None = None
    last_to: int | None = None
    campaign_id: Id | None = None
    consent: bool = False


class CustomerGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group and how many belong to it now. ``circle_id``: the circle by which posts are addressed to those of it who
    joined themselves to the page, ``reaches`` how many members, in whole tens (with 0 nothing leaves for it); null where
    nothing can be posted to it."""

    id: Key
    name: str
    customers: int
    circle_id: Key | None
    reaches: int | None


def _given(sent: CustomerFields, at: datetime) -> Given:
    return checked(
        name=sent.name, note=sent.note, tags=sent.tags, emails=sent.emails, phones=sent.phones, ids=sent.ids,
        consent=sent.consent, consent_how=sent.consent_how, consent_at=_moment(sent.consent_at), at=at,
    )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError("no zone")
    except ValueError:
        raise BadInput(
            _("A time has to be like 2026-11-02T09:30:00+02:00, with its time zone."), field="consent_at"
        ) from None
    return found


def _shown(team: OnTeam, customer_id: int, at: datetime) -> Customer:
    found: Record = records.record(team, customer_id=customer_id)
    line = next(lists.lines(team.page_id, [customer_id], at=at))
    return Customer(
        id=str(found.id), name=found.name, note=found.note, tags=list(found.tags), emails=found.of_kind("email"),
        phones=found.of_kind("phone"), ids=found.of_kind("id"), source=found.source, consent=found.consent,
        consent_history=[
            ConsentSaid(consent=each.consent, how=each.how, said_at=moment(each.said_at), written_at=moment(each.made_at))
            for each in found.consents
        ],
        account_id=str(found.joined[0].member_id) if found.joined else None,
        merged=[str(each.id) for each in found.merged], perhaps_same=[str(each.id) for each in found.alike],
        stage=line.stage, orders=line.orders or 0, value=line.value, currency=line.currency,
        created_at=moment(found.made_at), updated_at=moment(found.changed_at),
    )  # fmt: skip


def _line(line: Line) -> CustomerLine:
    return CustomerLine(
        id=str(line.id), name=line.name, contact=line.contact, tags=list(line.tags), consent=line.consent,
        stage=line.stage, orders=line.orders or 0, value=line.value, currency=line.currency,
        first_order_at=moment(line.first_at) if line.first_at else None,
        last_order_at=moment(line.last_at) if line.last_at else None, usual_days=line.usual_days,
        recency=line.recency, frequency=line.frequency, money=line.money,
    )  # fmt: skip


@team(Permission.CUSTOMERS, says=_("Customers"), takes=Listing, gives=CustomerList)
def index(call: Call, team: OnTeam, sent: Listing) -> CustomerList:
    rule = EVERYBODY
    if sent.group_id:
        rule = segments.segment(team.page_id, int(sent.group_id)).rule
    elif sent.stage or sent.late:
        rule = read({"overdue": sent.late}, stages=[sent.stage] if sent.stage else [])
    if sent.sort not in ("last", "first", "value", "made"):
        raise BadInput(_("There is no such choice."), field="sort")
    found = lists.listed(
        team, rule=rule, words=sent.q, sort=sent.sort, after=sent.after, limit=sent.limit, at=call.at  # type: ignore[arg-type]
    )  # fmt: skip
    return CustomerList([_line(each) for each in found.lines], found.after or None)


@team(
    Permission.CUSTOMERS, writes=True, once=True, takes=CustomerFields, gives=Customer,
    says=_("Write a customer down; one whose address or id is known is completed"),
)  # fmt: skip
def create(call: Call, team: OnTeam, sent: CustomerFields) -> Customer:
    kept = records.make(team, _given(sent, call.at), source="app", at=call.at)
    return _shown(team, kept.customer_id, call.at)


@team(
    Permission.CUSTOMER,
    says=_("Customers by a part of what they are known by"),
    takes=Words,
    gives=list[CustomerLine],
)
def find(call: Call, team: OnTeam, sent: Words) -> list[CustomerLine]:
    return [_line(each) for each in lists.lines(team.page_id, records.find(team, words=sent.q), at=call.at)]


@team(Permission.CUSTOMER, says=_("A customer"), gives=Customer)
def show(call: Call, team: OnTeam, customer_id: int) -> Customer:
    return _shown(team, customer_id, call.at)


@team(Permission.CUSTOMERS, writes=True, says=_("Change a customer"), takes=CustomerFields, gives=Customer)
def change(call: Call, team: OnTeam, sent: CustomerFields, customer_id: int) -> Customer:
    records.update(team, customer_id=customer_id, given=_given(sent, call.at), at=call.at)
    return _shown(team, customer_id, call.at)


@team(Permission.CUSTOMERS, writes=True, says=_("Erase a customer for good; orders stay without a name"))
def erase(call: Call, team: OnTeam, customer_id: int) -> Any:
    erasing.erase(team, customer_id=customer_id, at=call.at)
    return NOTHING


@team(
    Permission.CUSTOMERS,
    writes=True,
    says=_("Another record is the same person"),
    takes=Other,
    gives=MergeMade,
)
def merge(call: Call, team: OnTeam, sent: Other, customer_id: int) -> MergeMade:
    return MergeMade(str(merging.merge(team, kept_id=customer_id, gone_id=int(sent.customer_id), at=call.at)))


@team(
    Permission.CUSTOMERS, writes=True, says=_("They are two customers again; gives the other"), gives=Customer
)
def split(call: Call, team: OnTeam, customer_id: int, merge_id: int) -> Customer:
    return _shown(team, merging.split(team, customer_id=customer_id, merge_id=merge_id, at=call.at), call.at)


@team(Permission.COUNT_CUSTOMERS, says=_("Customers in numbers"), gives=CustomerCounts)
def counts(call: Call, team: OnTeam) -> CustomerCounts:
    found = lists.counts(team, at=call.at)
    stages = [
        StageFigures(stage=each.stage, customers=each.customers, orders=each.orders, money=dict(each.money))
        for each in found.stages
    ]
    return CustomerCounts(stages=stages, late=found.overdue, new_this_month=found.new_this_month)


@team(
    Permission.COUNT_CUSTOMERS,
    says=_("Who came back, by the month of the first order"),
    gives=list[CohortFigures],
)
def came_back(call: Call, team: OnTeam) -> list[CohortFigures]:
    return [_cohort(each) for each in retention.cohorts(team, at=call.at)]


def _cohort(each: cohorts.Cohort) -> CohortFigures:
    return CohortFigures(
        start=each.start, size=each.size, active=[cell.active for cell in each.cells],
        rates=[cell.rate for cell in each.cells],
    )  # fmt: skip


def _groups(team: OnTeam, found: list[segments.Segment], at: datetime) -> list[CustomerGroup]:
    reaches = addressing.reaches(team.page_id)
    return [
        CustomerGroup(
            id=str(each.id), name=each.name, customers=segments.size(team, each.rule, at=at),
            circle_id=str(each.circle_id) if each.circle_id else None, reaches=reaches.get(each.circle_id or 0),
        )
        for each in found
    ]  # fmt: skip


def _group(team: OnTeam, segment_id: int, at: datetime) -> CustomerGroup:
    (found,) = _groups(team, [segments.segment(team.page_id, segment_id)], at)
    return found


@team(Permission.CUSTOMERS, says=_("Groups of customers"), gives=list[CustomerGroup])
def groups(call: Call, team: OnTeam) -> list[CustomerGroup]:
    return _groups(team, segments.segments(team), call.at)


@team(
    Permission.CUSTOMERS,
    writes=True,
    once=True,
    says=_("A new group"),
    takes=GroupFields,
    gives=CustomerGroup,
)
def make_group(call: Call, team: OnTeam, sent: GroupFields) -> CustomerGroup:
    rule: Rule = read(msgspec.structs.asdict(sent), stages=sent.stages, tags=sent.tags)
    made = segments.make(team, name=sent.name, rule=rule, at=call.at)
    return _group(team, made, call.at)


@team(Permission.CUSTOMERS, writes=True, says=_("Forget a group; its customers stay"))
def end_group(call: Call, team: OnTeam, segment_id: int) -> Any:
    segments.end(team, segment_id=segment_id, at=call.at)
    return NOTHING


@team(
    Permission.CUSTOMERS, writes=True, says=_("Let posts be addressed to a group, by a circle of its name"),
    gives=CustomerGroup,
)  # fmt: skip
def address_group(call: Call, team: OnTeam, segment_id: int) -> CustomerGroup:
    addressing.address(team, segment_id=segment_id, at=call.at)
    return _group(team, segment_id, call.at)


@team(
    Permission.CUSTOMERS,
    writes=True,
    says=_("Let no posts be addressed to a group any more"),
    gives=CustomerGroup,
)
def address_group_no_more(call: Call, team: OnTeam, segment_id: int) -> CustomerGroup:
    addressing.address_no_more(team, segment_id=segment_id, at=call.at)
    return _group(team, segment_id, call.at)


_ALL = "api/v1/studio/<page_id>/customers"
urls = [
    route(_ALL, GET=index, POST=create),
    route(f"{_ALL}/find", GET=find),
    route(f"{_ALL}/counts", GET=counts),
    route(f"{_ALL}/retention", GET=came_back),
    route(f"{_ALL}/groups", GET=groups, POST=make_group),
    route(f"{_ALL}/groups/<segment_id>", DELETE=end_group),
    route(f"{_ALL}/groups/<segment_id>/circle", POST=address_group, DELETE=address_group_no_more),
    route(f"{_ALL}/<customer_id>", GET=show, PUT=change, DELETE=erase),
    route(f"{_ALL}/<customer_id>/merge", POST=merge),
    route(f"{_ALL}/<customer_id>/split/<merge_id>", POST=split),
]
