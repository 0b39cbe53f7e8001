"""Taking reports of orders: merged into one row per order, credited to click and promo code, told to insights once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.customers import erasing, keeping
from majlis.brands.customers.book import book
from majlis.brands.roles import Permission
from majlis.core import json, sql
from majlis.core.errors import BadInput, TooLarge
from majlis.core.ids import new_id
from majlis.insights import recording
from majlis.insights.kinds import Kind, Source
from majlis.studio.conversions import promo_codes, reports
from majlis.studio.conversions.promo_codes import SQL
from majlis.studio.conversions.state import Report, State, merged
from majlis.studio.customers import standing

MOST: Final = 500
"""Orders in one batch."""
CREDITED_FOR: Final = timedelta(days=732)
"""How long after a click an order is still its: what the script remembers at the most."""
BEHIND: Final = timedelta(days=2)
"""So far a shop's clock may be behind: a token proves by itself that its click came first."""
_read_state: Final = json.own_reader(State)


class Outcome(StrEnum):
    """What became of a report."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Answer(msgspec.Struct, frozen=True):
    """What became of one order of a batch; ``sentence`` and ``field`` say why it was refused."""

    id: str
    outcome: Outcome
    sentence: str | Promise = ""
    field: str | None = None


def report_orders(team: OnTeam, *, orders: Any, at: datetime) -> list[Answer]:
    """Take a batch from a server of the business's own: each is taken or refused by itself, in the order given.

    Raises:
        BadInput, TooLarge: it is no list, or of more than 500.
        NotThere, NotAllowed: her role does not include it (any more).
    """
    if not isinstance(orders, list) or not orders:
        raise BadInput(_("Send a list of orders."), code="no_orders", field="orders")
    if len(orders) > MOST:
        raise TooLarge(_("At most 500 orders are taken at once."), code="too_many_orders", field="orders")
    answers: list[Answer] = []
    taken: list[Report] = []
    for given in orders:
        try:
            taken.append(reports.from_server(given, page_id=team.page_id, arrived_at=at))
            answers.append(Answer(taken[-1].external_id, Outcome.UNCHANGED))
        except BadInput as error:
            given_id = str(given.get("id", ""))[: reports.LONGEST_ID] if isinstance(given, Mapping) else ""
            answers.append(Answer(given_id, Outcome.REFUSED, error.sentence, error.field))
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.TRACK, lock=True)
        changed = take(page_id=team.page_id, reports=taken, arrived_at=at)
        if changed:
            deeds.note(team, "orders.reported", at=at, orders=len(changed))
    return [
        msgspec.structs.replace(answer, outcome=Outcome.TAKEN)
        if answer.outcome is not Outcome.REFUSED and answer.id in changed
        else answer
        for answer in answers
    ]


def take(*, page_id: int, reports: Sequence[Report], arrived_at: datetime) -> set[str]:
    """Merge reports into the page's orders; the shop's ids of those that are different now. Whoever calls has
    seen to it that they may be believed as much as ``Report.by`` says."""
    if not reports:
        return set()
    with transaction.atomic():
        reports = _customers_held(page_id, reports)
        known = _locked(page_id, reports, arrived_at)
        credit = _Credits(page_id, reports)
        before_all = dict(known)
        touched: dict[str, tuple[int, bool, State]] = {}
        for report in reports:
            order_id, was_placed, before = known[report.external_id]
            after = merged(
                before, report, click_id=credit.click(report), promo_code_id=credit.promo_code(report)
            )
            if after != before:
                known[report.external_id] = order_id, was_placed, after
                touched[report.external_id] = known[report.external_id]
        for order_id, _was_placed, state in touched.values():
            _keep(order_id, state)
        new = {id_: state for id_, was_placed, state in touched.values() if state.placed and not was_placed}
        _tell_insights(page_id, new, arrived_at)
        _tell_customers(page_id, reports, before_all, touched, arrived_at)
    return {id_ for id_, (_order, _placed, state) in touched.items() if state.said != before_all[id_][2].said}


def _customers_held(page_id: int, reports: Sequence[Report]) -> Sequence[Report]:
    """The page's customers are held, before its orders; whoever was erased stays so for orders from before."""
    named = {report.customer for report in reports if report.customer}
    if not named:
        return reports
    keeping.lock(page_id)
    gone = erasing.erased(page_id, named)
    if not gone:
        return reports
    return [
        msgspec.structs.replace(report, customer="", person=None)
        if report.customer in gone and report.moment <= gone[report.customer]
        else report
        for report in reports
    ]


def _tell_customers(
    page_id: int,
    reports: Sequence[Report],
    before: Mapping[str, tuple[int, bool, State]],
    touched: Mapping[str, tuple[int, bool, State]],
    at: datetime,
) -> None:
    """Where the customers of these orders stand now; with their names, where the page keeps what shops tell."""
    states = [before[id_][2] for id_ in touched] + [state for _id, _placed, state in touched.values()]
    keys = {state.customer[1] for state in states if state.customer}
    if not keys:
        return
    keeping.lock(page_id)
    people = [report.person for report in reports if report.person and report.customer]
    kept = people if people and book(page_id).keep_names else []
    standing.orders_changed(page_id, keys, kept, at=at)


def _locked(
    page_id: int, reports: Sequence[Report], arrived_at: datetime
) -> dict[str, tuple[int, bool, State]]:
    """The orders that are spoken of, held; made when nobody has spoken of them yet."""
    first = {report.external_id: report for report in reversed(reports)}
    ids = sorted(first)
    sql.execute(
        SQL["open_orders"],
        page=page_id,
        ids=[new_id() for _ in ids],
        external_ids=ids,
        bys=[first[id_].by for id_ in ids],
        ats=[first[id_].moment for id_ in ids],
        arrived_at=arrived_at,
    )
    rows = sql.rows(SQL["lock_orders"], page=page_id, external_ids=ids)
    return {row[0]: (row[1], row[2], _read_state(row[3])) for row in rows}


class _Credits:
    """What tokens and promo codes are, of this page; forged and other pages' ones are nothing."""

    def __init__(self, page_id: int, reports: Sequence[Report]) -> None:
        tokens = list({report.click_token for report in reports if report.click_token})
        rows = sql.rows(SQL["clicks_by_token"], page=page_id, tokens=tokens) if tokens else []
        self._clicks: dict[str, tuple[int, datetime]] = {row[0]: (row[1], row[2]) for row in rows}
        self._codes = promo_codes.find(page_id=page_id, typed={report.promo_code for report in reports})

    def click(self, report: Report) -> int | None:
        """The click, unless the order came before it or years after."""
        found = self._clicks.get(report.click_token)
        if found is None:
            return None
        click_id, made_at = found
        return click_id if -BEHIND <= report.moment - made_at <= CREDITED_FOR else None

    def promo_code(self, report: Report) -> int | None:
        """The promo code, if it was valid then."""
        found = self._codes.get(report.promo_code)
        return found.id if found is not None and found.at(report.moment) else None


def _keep(order_id: int, state: State) -> None:
    sql.execute(
        SQL["keep_order"],
        id=order_id,
        state=json.encode(state).decode(),
        placed=state.placed,
        by=state.reporter[1],
        value=state.value,
        currency=state.currency,
        customer=state.customer[1] if state.customer else "",
        ordered_at=state.ordered[2] if state.ordered else None,
        cancelled_at=state.cancelled_at,
        goal=state.goal[1] if state.goal else None,
        click=-state.click[1] if state.click else None,
        promo_code=state.promo_code[1] if state.promo_code else None,
    )


def _tell_insights(page_id: int, new: Mapping[int, State], arrived_at: datetime) -> None:
    """A conversion is a fact once, when an order is first heard of, with the credit and value known then. What
    becomes of it later is read from the order."""
    if not new:
        return
    facts = []
    for order_id, link_id, post_id, profile_id, source, paid in sql.rows(SQL["credits"], ids=list(new)):
        state = new[order_id]
        facts.append(
            recording.NewFact(
                page_id=page_id,
                post_id=post_id,
                profile_id=profile_id,
                kind=Kind.CONVERSION,
                source=Source(source) if source else Source.OUTSIDE,
                paid=paid,
                nonce=order_id,
                at=state.ordered[2] if state.ordered else arrived_at,
                link_id=link_id,
                value=state.value,
                currency=state.currency,
            )
        )
    recording.record(facts, arrived_at=arrived_at)
