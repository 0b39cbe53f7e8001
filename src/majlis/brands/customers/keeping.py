"""Writing records: one way for all ways in. An e-mail or id that is known leads to its record, never to a second one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.customers.given import MOST, Given
from majlis.core import json, sql
from majlis.core.errors import Conflict
from majlis.core.ids import new_id
from majlis.core.text.arabic import fold

SQL: Final = sql.load("majlis.brands.customers")


class Kept(msgspec.Struct, frozen=True):
    """What became of somebody told of: her record, and whether it is new."""

    customer_id: int
    new: bool


class TwoPeople(Conflict):
    """What names one customer belongs to two records. They are merged by hand or not at all."""

    default_code = "two_customers"

    def __init__(self, customers: Sequence[int]) -> None:
        super().__init__(
            _("These addresses and ids belong to two customers. If they are one person, merge them first."),
            code="two_customers",
        )
        self.customers = customers


def lock(page_id: int) -> None:
    """Hold the customers of a page until the end of the transaction; before its orders, whoever needs both."""
    sql.rows(SQL["lock_customers"], page=page_id)


def by_keys(page_id: int, keys: Sequence[str]) -> dict[str, int]:
    """The records that keys lead to."""
    return dict(sql.rows(SQL["by_keys"], page=page_id, keys=list(keys))) if keys else {}


def keep(
    page_id: int,
    people: Sequence[Given],
    *,
    source: str,
    by: int | None,
    at: datetime,
    overwrite: bool = True,
    lenient: bool = False,
) -> list[Kept]:
    """Make or complete records, in the order given. The caller holds :func:`lock`.

    ``overwrite``: a name, note or consent that is told takes the place of another; tags and contacts are added.
    ``lenient``: where somebody told of is two records, the first of them takes what is new, and neither changes
    whose the rest is.

    Raises:
        TwoPeople: what names somebody belongs to two records (not when ``lenient``).
    """
    known = by_keys(page_id, [key for each in people for key in each.keys(page_id)])
    plan = _Plan(page_id, known)
    kept = [plan.add(each, lenient=lenient) for each in people]
    _write(plan, source=source, by=by, at=at)
    change(page_id, plan.told, by=by, at=at, overwrite=overwrite)
    return kept


class _Plan:
    """Who is who, worked out before anything is written."""

    def __init__(self, page_id: int, known: dict[str, int]) -> None:
        self.page_id, self.known = page_id, known
        self.new: list[int] = []
        self.fresh_keys: dict[str, int] = {}
        self.told: defaultdict[int, list[Given]] = defaultdict(list)

    def add(self, given: Given, *, lenient: bool) -> Kept:
        own = given.keys(self.page_id)
        found = list(dict.fromkeys(self.known[key] for key in own if key in self.known))
        if len(found) > 1 and not lenient:
            raise TwoPeople(found)
        customer = found[0] if found else new_id()
        if not found:
            self.new.append(customer)
        for key in own:
            if key not in self.known:
                self.known[key] = self.fresh_keys[key] = customer
        self.told[customer].append(given)
        return Kept(customer, new=not found)


def _write(plan: _Plan, *, source: str, by: int | None, at: datetime) -> None:
    if plan.new:
        sql.execute(SQL["make_customers"], page=plan.page_id, ids=plan.new, source=source, by=by, at=at)
    if plan.fresh_keys:
        keys, customers = list(plan.fresh_keys), list(plan.fresh_keys.values())
        sql.execute(SQL["keep_keys"], page=plan.page_id, keys=keys, customers=customers)
    _contacts(plan.page_id, plan.told)


def _contacts(page_id: int, told: Mapping[int, Sequence[Given]]) -> None:
    rows = [(customer, each) for customer, given in told.items() for one in given for each in one.contacts]
    if rows:
        sql.execute(
            SQL["keep_contacts"],
            page=page_id,
            ids=[new_id() for _row in rows],
            customers=[customer for customer, _each in rows],
            kinds=[each.kind for _customer, each in rows],
            contacts=[each.value for _customer, each in rows],
            folded=[each.folded for _customer, each in rows],
        )


def change(
    page_id: int,
    told: Mapping[int, Sequence[Given]],
    *,
    by: int | None,
    at: datetime,
    overwrite: bool = True,
    all_tags: bool = False,
) -> None:
    """What records say of themselves after all that was told of them. ``all_tags``: the tags told are all there are."""
    if not told:
        return
    rows: list[tuple[Any, ...]] = []
    said: list[tuple[int, Given]] = []
    for id_, name, note, tags, consent, words in sql.rows(SQL["bare"], page=page_id, ids=list(told)):
        kept_tags = [] if all_tags else list(json.decode_own(tags))
        for each in told[id_]:
            name = each.name if each.name and (overwrite or not name) else name
            note = each.note if each.note is not None and (overwrite or not note) else note
            kept_tags = list(dict.fromkeys([*kept_tags, *each.tags]))[:MOST]
            # a shop knows less than what was said to the business itself
            if each.consent is not None and each.consent != consent and (overwrite or consent == "unknown"):
                consent = each.consent
                said.append((id_, each))
        rows.append((id_, name, note, json.encode(kept_tags).decode(), consent, fold(f"{name} {words}")))
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 6
    names = ("ids", "names", "notes", "tags", "consents", "folded")
    sql.execute(SQL["change_customers"], page=page_id, at=at, **dict(zip(names, columns, strict=True)))
    if said:
        sql.execute(
            SQL["say_consents"],
            ids=[new_id() for _each in said],
            customers=[id_ for id_, _each in said],
            consents=[each.consent for _id, each in said],
            hows=[each.consent_how for _id, each in said],
            saids=[each.consent_at or at for _id, each in said],
            by=by,
            at=at,
        )
