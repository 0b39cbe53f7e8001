"""Two records are one person: said by somebody, never worked out; and taken back whole.

The record that goes keeps all it said; contacts and keys go over and are written down, so that they can go back.
Of the record that stays nothing is overwritten: it gets what it had not.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.customers.events import CustomersChanged
from majlis.brands.customers.given import Given
from majlis.brands.customers.keeping import SQL, change
from majlis.brands.customers.records import again, no_such_customer
from majlis.core import json, sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.events import emit
from majlis.core.ids import new_id


def merge(team: OnTeam, *, kept_id: int, gone_id: int, at: datetime) -> int:
    """``gone_id`` is part of ``kept_id`` from now on, with its orders; the id of the merge.

    Consent is the more careful of the two: a no wins.

    Raises:
        BadInput: a record with itself.
        NotThere, NotAllowed: one of them is not the page's, or is part of another; or not for her role.
    """
    if kept_id == gone_id:
        raise BadInput(_("Choose another customer."), field="customer", code="same")
    merge_id = new_id()
    with transaction.atomic():
        again(team)
        rows = {row[0]: row for row in sql.rows(SQL["bare"], page=team.page_id, ids=[kept_id, gone_id])}
        if set(rows) != {kept_id, gone_id}:
            raise no_such_customer()
        contacts = sql.column(SQL["move_contacts"], customer=gone_id, to=kept_id, all=True, ids=[])
        keys = sql.column(
            SQL["move_keys"], page=team.page_id, customer=gone_id, to=kept_id, all=True, keys=[]
        )
        moved = json.encode({"contacts": [str(id_) for id_ in contacts], "keys": keys}).decode()
        sql.execute(
            SQL["note_merge"], id=merge_id, kept=kept_id, gone=gone_id, moved=moved, by=team.by, at=at
        )
        sql.execute(SQL["merge_into"], page=team.page_id, customer=gone_id, to=kept_id, at=at)
        _complete(team, rows[kept_id], rows[gone_id], at=at)
        deeds.note(team, "customer.merged", at=at, subject=kept_id)
        emit(CustomersChanged(page_id=team.page_id, customers=(kept_id, gone_id), at=at))
    return merge_id


def _complete(team: OnTeam, kept: sql.Row, gone: sql.Row, *, at: datetime) -> None:
    _id, name, note, _tags, consent, _words = kept
    consents = {consent, gone[4]}
    wanted = "no" if "no" in consents else "yes" if "yes" in consents else "unknown"
    told = Given(
        name=None if name else gone[1],
        note=None if note else gone[2] or None,
        tags=tuple(json.decode_own(gone[3])),
        consent=None if wanted == consent else wanted,
        consent_how="",
    )
    change(team.page_id, {kept[0]: [told]}, by=team.by, at=at)


def split(team: OnTeam, *, customer_id: int, merge_id: int, at: datetime) -> int:
    """They are two again: what went over goes back, as far as it is still there; the id of the other record.

    Raises:
        NotThere, NotAllowed: there is no such merge, it was taken back; or not for her role.
    """
    with transaction.atomic():
        again(team)
        found = next(
            (
                row
                for row in sql.rows(SQL["merges"], page=team.page_id, customer=customer_id)
                if row[0] == merge_id
            ),
            None,
        )
        if found is None:
            raise NotThere(_("They are two customers already."))
        gone_id, moved = found[1], json.decode_own(found[3])
        sql.execute(
            SQL["move_contacts"], customer=customer_id, to=gone_id, all=False,
            ids=[int(id_) for id_ in moved["contacts"]],
        )  # fmt: skip
        sql.execute(
            SQL["move_keys"],
            page=team.page_id,
            customer=customer_id,
            to=gone_id,
            all=False,
            keys=moved["keys"],
        )
        sql.execute(SQL["merge_into"], page=team.page_id, customer=gone_id, to=None, at=at)
        sql.execute(SQL["end_merge"], merge=merge_id, at=at)
        change(team.page_id, {customer_id: [Given()], gone_id: [Given()]}, by=team.by, at=at)
        deeds.note(team, "customer.split", at=at, subject=customer_id)
        emit(CustomersChanged(page_id=team.page_id, customers=(customer_id, gone_id), at=at))
    return int(gone_id)
