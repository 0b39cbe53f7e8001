"""A team's way to its customers: make, change, find, read. Support reads one at a time; lists are of those who may."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.customers import keys
from majlis.brands.customers.events import CustomersChanged
from majlis.brands.customers.given import Contact, Given
from majlis.brands.customers.keeping import SQL, Kept, change, keep, lock
from majlis.brands.roles import Permission
from majlis.core import json, sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.events import emit
from majlis.core.ids import new_id
from majlis.core.text.arabic import fold

FOUND: Final = 20
LEAST_LETTERS: Final = 2


class Consented(msgspec.Struct, frozen=True):
    """What was said of being written to: how, when, and who wrote it down when."""

    consent: str
    how: str
    said_at: datetime
    by: int | None
    made_at: datetime


class Merged(msgspec.Struct, frozen=True):
    """A record that is part of another one."""

    id: int
    customer_id: int
    name: str
    by: int | None
    made_at: datetime


class Alike(msgspec.Struct, frozen=True):
    """A record that may be the same person: the same name and a telephone in common."""

    id: int
    name: str


class Joined(msgspec.Struct, frozen=True):
    """A member who allowed this business to know that the record is hers."""

    member_id: int
    since: datetime


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """All that a business keeps of a customer, without her orders."""

    id: int
    name: str
    note: str
    tags: tuple[str, ...]
    source: str
    consent: str
    made_at: datetime
    changed_at: datetime
    contacts: tuple[Contact, ...]
    consents: tuple[Consented, ...]
    merged: tuple[Merged, ...]
    alike: tuple[Alike, ...]
    joined: tuple[Joined, ...]

    def of_kind(self, kind: str) -> list[str]:
        """E-mails, phones or ids as they are written."""
        return [each.value for each in self.contacts if each.kind == kind]


def make(team: OnTeam, given: Given, *, source: str = "hand", at: datetime) -> Kept:
    """A customer; her record is completed where one of her addresses or ids is known already.

    Raises:
        BadInput: nothing was told that she could be known by.
        TwoPeople: what was told belongs to two records.
        NotThere, NotAllowed: her role does not include it (any more).
    """
    require_somebody(given)
    with transaction.atomic():
        again(team)
        (kept,) = keep(team.page_id, [given], source=source, by=team.by, at=at)
        deeds.note(team, "customer.made" if kept.new else "customer.changed", at=at, subject=kept.customer_id)
        emit(CustomersChanged(page_id=team.page_id, customers=(kept.customer_id,), at=at))
    return kept


def require_somebody(given: Given) -> None:
    """Raises BadInput where nothing was told that she could be known by."""
    if not given.name and not given.contacts:
        raise BadInput(
            _("Give a name, an e-mail address, a telephone number or an id."), code="nobody", field="name"
        )


def update(team: OnTeam, *, customer_id: int, given: Given, at: datetime) -> None:
    """The record says this from now on: contacts and tags that are not told are taken away; a name, note or consent
    that is None stays.

    Raises:
        Conflict: an address or id is another customer's.
        BadInput, NotThere, NotAllowed: see :func:`make`; also when there is no such record.
    """
    with transaction.atomic():
        again(team)
        page = team.page_id
        if sql.one(SQL["record"], page=page, customer=customer_id) is None:
            raise no_such_customer()
        before = sql.rows(SQL["contacts"], customer=customer_id)
        wanted = {(each.kind, each.folded) for each in given.contacts}
        gone = [row for row in before if (row[1], row[3]) not in wanted]
        _require_free(page, customer_id, given)
        _drop(page, customer_id, gone)
        have = {(row[1], row[3]) for row in before}
        fresh = msgspec.structs.replace(
            given, contacts=tuple(each for each in given.contacts if (each.kind, each.folded) not in have)
        )
        _add(page, customer_id, fresh)
        if given.name == "":
            sql.execute(_NAMELESS, page=page, customer=customer_id)
        change(page, {customer_id: [given]}, by=team.by, at=at, all_tags=True)
        deeds.note(team, "customer.changed", at=at, subject=customer_id)
        emit(CustomersChanged(page_id=page, customers=(customer_id,), at=at))


_NAMELESS: Final = "UPDATE brands_customer SET name = '' WHERE page_id = %(page)s AND id = %(customer)s"


def _require_free(page: int, customer_id: int, given: Given) -> None:
    own = given.keys(page)
    rows = sql.rows(SQL["by_keys"], page=page, keys=list(own))
    if any(customer != customer_id for _key, customer in rows):
        raise Conflict(
            _("This address or id belongs to another customer. If they are one person, merge them."),
            code="taken", field="emails",
        )  # fmt: skip


def _drop(page: int, customer_id: int, gone: Sequence[sql.Row]) -> None:
    if gone:
        sql.execute(SQL["drop_contacts"], customer=customer_id, ids=[row[0] for row in gone])
        stale = [keys.key(row[3], page_id=page) for row in gone if row[1] != "phone"]
        sql.execute(SQL["drop_keys"], page=page, customer=customer_id, keys=stale)


def _add(page: int, customer_id: int, given: Given) -> None:
    if not given.contacts:
        return
    sql.execute(
        SQL["keep_contacts"],
        page=page,
        ids=[new_id() for _each in given.contacts],
        customers=[customer_id] * len(given.contacts),
        kinds=[each.kind for each in given.contacts],
        contacts=[each.value for each in given.contacts],
        folded=[each.folded for each in given.contacts],
    )
    own = list(given.keys(page))
    sql.execute(SQL["keep_keys"], page=page, keys=own, customers=[customer_id] * len(own))


def record(team: OnTeam, *, customer_id: int) -> Record:
    """One record.

    Raises:
        NotAllowed: her role does not read customers.
        NotThere: there is no such record of this page, or it is part of another now.
    """
    team.require(Permission.CUSTOMER)
    row = sql.one(SQL["record"], page=team.page_id, customer=customer_id)
    if row is None:
        raise no_such_customer()
    id_, name, note, tags, source, consent, made_at, changed_at = row
    return Record(
        id=id_,
        name=name,
        note=note,
        tags=tuple(json.decode_own(tags)),
        source=source,
        consent=consent,
        made_at=made_at,
        changed_at=changed_at,
        contacts=tuple(Contact(*each[1:]) for each in sql.rows(SQL["contacts"], customer=customer_id)),
        consents=tuple(Consented(*each) for each in sql.rows(SQL["consents"], customer=customer_id)),
        merged=tuple(
            Merged(each[0], each[1], each[2], each[4], each[5])
            for each in sql.rows(SQL["merges"], page=team.page_id, customer=customer_id)
        ),
        alike=tuple(Alike(*each) for each in sql.rows(SQL["alike"], page=team.page_id, customer=customer_id)),
        joined=tuple(
            Joined(*each) for each in sql.rows(SQL["joined"], page=team.page_id, customer=customer_id)
        ),
    )


def find(team: OnTeam, *, words: str, limit: int = FOUND) -> list[int]:
    """Records by a part of a name, address, number or id, the newest first; nothing of one letter.

    Raises:
        NotAllowed: her role does not read customers.
    """
    team.require(Permission.CUSTOMER)
    pattern = like(words)
    return (
        sql.column(SQL["find"], page=team.page_id, words=pattern, limit=min(limit, FOUND)) if pattern else []
    )


def joined_to(team: OnTeam, *, member_ids: Collection[int]) -> list[int]:
    """The records that these members allowed this business to know as theirs; none where nobody allowed it.

    Raises:
        NotAllowed: her role does not read customers.
    """
    team.require(Permission.CUSTOMER)
    return sql.column(SQL["joined_to"], page=team.page_id, members=list(member_ids)) if member_ids else []


def like(words: str) -> str:
    """A pattern that finds these words as they are; empty for fewer than two letters."""
    text = " ".join(fold(words[:200]).split())
    if len(text) < LEAST_LETTERS:
        return ""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def again(team: OnTeam, needs: Permission = Permission.CUSTOMERS) -> None:
    """Her role holds, and nobody else changes customers of this page meanwhile."""
    team_door(page_id=team.page_id, by=team.by, needs=needs, lock=True)
    lock(team.page_id)


def no_such_customer() -> NotThere:
    """Said of another page's too."""
    return NotThere(_("There is no such customer."))
