"""Lists and counts of customers. Lists are of those who may read names; counts are the business's own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from majlis.brands.access import OnTeam
from majlis.brands.customers.book import book
from majlis.brands.customers.records import like
from majlis.brands.roles import Permission
from majlis.core import json, sql
from majlis.insights import windows
from majlis.studio.customers.rules import EVERYBODY, STAGES, Rule, condition
from majlis.studio.customers.statements import SQL, bounds

Sort = Literal["last", "first", "value", "made"]
#: The order of a list: what it runs along (descending), and its type. Each has an index that begins with the page.
_SORTS: Final[dict[str, tuple[str, str, bool]]] = {
    "last": ("s.last_at", "timestamptz", True),
    "first": ("s.first_at", "timestamptz", True),
    "value": ("s.value", "numeric", True),
    "made": ("c.id", "bigint", False),
}
MOST_LISTED: Final = 100
_AT_ONCE: Final = 2_000


class Line(msgspec.Struct, frozen=True):
    """A customer in a list. What comes of orders is None where she has none. ``stage`` is one of ``rules.STAGES``."""

    id: int
    name: str
    consent: str
    tags: tuple[str, ...]
    orders: int | None
    value: Decimal | None
    currency: str | None
    first_at: datetime | None
    last_at: datetime | None
    usual_days: float | None
    recency: int | None
    frequency: int | None
    money: int | None
    stage: str
    contact: str | None


class Listed(msgspec.Struct, frozen=True):
    """Some lines, and what the next ones come after (empty: there are no more)."""

    lines: tuple[Line, ...]
    after: str


class StageCount(msgspec.Struct, frozen=True, kw_only=True):
    """Customers at a stage, and what they brought, refunds taken off, by the currency most of hers were in."""

    stage: str
    customers: int
    orders: int = 0
    money: tuple[tuple[str, Decimal], ...] = ()


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """The page's customers in numbers: its own orders, so nothing is hidden."""

    stages: tuple[StageCount, ...]
    overdue: int
    new_this_month: int

    @property
    def customers(self) -> int:
        """All who ever ordered."""
        return sum(each.customers for each in self.stages if each.stage != "none")

    def of(self, stage: str) -> StageCount:
        """One stage."""
        return next(each for each in self.stages if each.stage == stage)


def counts(team: OnTeam, *, at: datetime) -> Counts:
    """How many are where. Three queries.

    Raises:
        NotAllowed: her role does not count customers.
    """
    team.require(Permission.COUNT_CUSTOMERS)
    today = at.astimezone(ZoneInfo(team.time_zone)).date()
    month = windows.midnight(today.replace(day=1), zone=team.time_zone)
    rows = sql.rows(SQL["counts"], page=team.page_id, month=month, **bounds(book(team.page_id), at=at))
    bare = sql.one(SQL["without_orders"], page=team.page_id)
    found = []
    for stage in STAGES:
        own = [row for row in rows if row[0] == stage]
        number = sum(row[2] for row in own) if stage != "none" else int(bare[0]) if bare else 0
        money = tuple((row[1], row[3]) for row in sorted(own, key=lambda row: -row[2]))
        found.append(
            StageCount(stage=stage, customers=number, orders=int(sum(row[4] for row in own)), money=money)
        )
    return Counts(
        stages=tuple(found), overdue=sum(row[5] for row in rows), new_this_month=sum(row[6] for row in rows)
    )


def listed(
    team: OnTeam,
    *,
    rule: Rule = EVERYBODY,
    words: str = "",
    sort: Sort = "last",
    after: str = "",
    limit: int = 50,
    at: datetime,
) -> Listed:
    """Customers of a page, in an order; ``words`` are looked for in names, addresses, numbers and ids.

    Lists by orders are of those who have some. Three queries; what is worked out is the page that is shown.

    Raises:
        NotAllowed: her role does not read lists.
    """
    team.require(Permission.CUSTOMERS)
    ids, following = _ids(team.page_id, rule, words=words, sort=sort, after=after, limit=limit, at=at)
    return Listed(tuple(lines(team.page_id, ids, at=at)), following)


def _ids(
    page_id: int, rule: Rule, *, words: str, sort: Sort, after: str, limit: int, at: datetime
) -> tuple[list[int], str]:
    wanted, values = condition(rule)
    values |= {"page": page_id, "limit": min(max(limit, 1), MOST_LISTED) + 1, **bounds(book(page_id), at=at)}
    pattern = like(words)
    if words.strip():
        wanted += " AND c.folded LIKE %(words)s"
        values["words"] = pattern or "\x01"
    if "none" in rule.stages:
        sort = "made"
    along, kind, ordered = _SORTS[sort]
    mark, last = _mark(after)
    if last:
        wanted += f" AND ({along}, c.id) < (%(mark)s::{kind}, %(last)s)"
        values |= {"mark": mark, "last": last}
    # along an order: from the standings, whose index has it; otherwise from the records
    source = (
        "studio_standing s JOIN brands_customer c ON c.id = s.customer_id"
        if ordered
        else "brands_customer c LEFT JOIN studio_standing s ON s.customer_id = c.id"
    )
    of_page = "s.page_id" if ordered else "c.page_id"
    tie = "s.customer_id" if ordered else "c.id"
    rows = sql.rows(
        f"SELECT c.id, {along}::text FROM {source} WHERE {of_page} = %(page)s AND c.merged_into_id IS NULL"  # noqa: S608
        f" AND {wanted} ORDER BY {along} DESC, {tie} DESC LIMIT %(limit)s",
        **values,
    )
    shown = rows[: values["limit"] - 1]
    following = f"{shown[-1][1]}|{shown[-1][0]}" if len(rows) > len(shown) else ""
    return [row[0] for row in shown], following


def _mark(after: str) -> tuple[str, int]:
    mark, _bar, last = after.rpartition("|")
    good = last.isascii() and last.isdigit() and len(last) < 20 and mark and len(mark) < 60
    if not good or not all(letter in "0123456789.-+: " for letter in mark):
        return "", 0
    return mark, int(last)


def lines(page_id: int, ids: list[int], *, at: datetime) -> Iterator[Line]:
    """Customers by their ids, in that order. The caller has seen to it that she may read them."""
    rows = sql.rows(SQL["lines"], page=page_id, ids=ids, **bounds(book(page_id), at=at)) if ids else []
    found = {row[0]: row for row in rows}
    for id_ in ids:
        if id_ in found:
            row = list(found[id_])
            row[3] = tuple(json.decode_own(row[3]))
            yield Line(*row)


def everybody(team: OnTeam, *, rule: Rule, at: datetime) -> Iterator[Line]:
    """All customers of a group, piece by piece, for a file; by id, the newest first."""
    team.require(Permission.CUSTOMERS)
    after = ""
    while True:
        ids, after = _every(team.page_id, rule, after=after, at=at)
        yield from lines(team.page_id, ids, at=at)
        if not after:
            return


def _every(page_id: int, rule: Rule, *, after: str, at: datetime) -> tuple[list[int], str]:
    wanted, values = condition(rule)
    values |= {"page": page_id, "below": int(after or 2**63 - 1), "limit": _AT_ONCE}
    values |= bounds(book(page_id), at=at)
    ids = sql.column(
        "SELECT c.id FROM brands_customer c LEFT JOIN studio_standing s ON s.customer_id = c.id"  # noqa: S608
        " WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL AND c.id < %(below)s"
        f" AND {wanted} ORDER BY c.id DESC LIMIT %(limit)s",
        **values,
    )
    return ids, str(ids[-1]) if len(ids) == _AT_ONCE else ""


def count(page_id: int, rule: Rule, *, at: datetime) -> int:
    """How many are in a group."""
    wanted, values = condition(rule)
    values |= {"page": page_id, **bounds(book(page_id), at=at)}
    row = sql.one(
        "SELECT count(*) FROM brands_customer c LEFT JOIN studio_standing s ON s.customer_id = c.id"  # noqa: S608
        f" WHERE c.page_id = %(page)s AND c.merged_into_id IS NULL AND {wanted}",
        **values,
    )
    return int(row[0]) if row else 0


class OrderLine(msgspec.Struct, frozen=True):
    """An order of a customer; its value is what is left after refunds."""

    id: int
    external_id: str
    value: Decimal | None
    currency: str
    ordered_at: datetime
    cancelled_at: datetime | None
    reported_by: str


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer ordered: lately, and in sum by currency."""

    line: Line
    orders: tuple[OrderLine, ...]
    money: tuple[tuple[str, int, Decimal], ...]


def bought(team: OnTeam, *, customer_id: int, at: datetime, limit: int = 50) -> Bought:
    """The orders of one record, which the caller has found through ``records.record``.

    Raises:
        NotAllowed: her role does not read customers.
    """
    team.require(Permission.CUSTOMER)
    asked: dict[str, Any] = {"page": team.page_id, "customer": customer_id}
    return Bought(
        line=next(lines(team.page_id, [customer_id], at=at)),
        orders=tuple(OrderLine(*row) for row in sql.rows(SQL["orders_of"], limit=limit, **asked)),
        money=tuple((row[0], row[1], row[2]) for row in sql.rows(SQL["money_of"], **asked)),
    )
