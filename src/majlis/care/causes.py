"""Why people complain, in the page's own words; and which of these causes costs it most."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from math import prod
from typing import Final

import msgspec
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.care import readings
from majlis.care.statements import SQL
from majlis.core import sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text

WINDOW: Final = timedelta(days=90)
MOST: Final = 60
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "delivery": ("Late or lost delivery", "تأخّر التوصيل أو ضياعه"),
    "quality": ("Quality of the product", "جودة المنتج"),
    "price": ("Price, bill or refund", "السعر أو الفاتورة أو استرداد المال"),
    "staff": ("How people were treated", "معاملة الموظفين"),
    "technical": ("Website, app or payment does not work", "عطل في الموقع أو التطبيق أو الدفع"),
    "availability": ("Not available", "عدم التوفّر"),
    "hygiene": ("Cleanliness or safety", "النظافة أو السلامة"),
    "information": ("Wrong or missing information", "معلومات خاطئة أو ناقصة"),
}
"""The causes that the model knows, and what a page may call them to begin with."""
RANK: Final[Promise] = _(
    "Geometric mean of three shares: of the complaints, of the followers of those who complained, and of the orders of the "
    "last year of those who let the page know them. What is not known of any cause is left out."
)

Worth = Callable[[int, Collection[int]], Mapping[int, float]]
"""Of a page and profiles: what those ordered in a year who joined themselves to it, in its currency."""
_worth: list[Worth] = []


def install(worth: Worth) -> None:
    """How orders are asked for, by the wiring: they belong to the studio."""
    _worth[:] = [worth]


class Cause(msgspec.Struct, frozen=True):
    """A cause of a page's list."""

    id: int
    name: str
    name_ar: str
    kind: str


def causes(team: OnTeam) -> list[Cause]:
    """The page's causes by name. One query.

    Raises:
        NotAllowed: her role does not answer.
    """
    team.require(Permission.ANSWER)
    return [Cause(*row) for row in sql.rows(SQL["causes"], page=team.page_id)]


def keep(
    team: OnTeam, *, name: str, name_ar: str = "", kind: str = "", cause_id: int | None = None, at: datetime
) -> int:
    """A new cause, or other words for one; its id.

    Raises:
        BadInput: no name, or the model has no such kind, or there are too many.
        Conflict: the page has one of this name.
        NotThere: there is no such cause.
        NotAllowed: her role does not keep causes.
    """
    name, name_ar = (" ".join(clean_text(each).split())[:60] for each in (name, name_ar))
    if not name:
        raise BadInput(_("Give the cause a name."), field="name", code="blank")
    if kind and kind not in KINDS:
        raise BadInput(_("There is no such choice."), field="kind")
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.CARE, lock=True)
        known = causes(team)
        if any(each.name == name and each.id != cause_id for each in known):
            raise Conflict(_("There is a cause of this name already."), field="name", code="there")
        if cause_id is not None:
            if not sql.execute(
                SQL["change_cause"], id=cause_id, page=team.page_id, name=name, name_ar=name_ar, kind=kind
            ):
                raise no_cause()
        else:
            if len(known) >= MOST:
                raise BadInput(_("Sixty causes are enough. End one first."), code="too_many")
            cause_id = new_id()
            sql.execute(
                SQL["make_cause"], id=cause_id, page=team.page_id, name=name, name_ar=name_ar, kind=kind, by=team.by, at=at
            )  # fmt: skip
        deeds.note(team, "care.cause", at=at, name=name)
    return cause_id


def begin(team: OnTeam, *, at: datetime) -> int:
    """The usual causes, those of them that the page has not yet; how many."""
    with transaction.atomic():
        known = causes(team)
        missing = [
            (kind, *names) for kind, names in KINDS.items()
            if kind not in {each.kind for each in known} and names[0] not in {each.name for each in known}
        ]  # fmt: skip
        for kind, name, name_ar in missing:
            keep(team, name=name, name_ar=name_ar, kind=kind, at=at)
    return len(missing)


def end(team: OnTeam, *, cause_id: int, at: datetime) -> None:
    """A cause that is not said any more; conversations that have it keep it.

    Raises:
        NotThere: there is no such cause.
    """
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.CARE, lock=True)
        if not sql.execute(SQL["end_cause"], page=team.page_id, id=cause_id, at=at):
            raise no_cause()
        deeds.note(team, "care.cause_ended", at=at, subject=cause_id)


def no_cause() -> NotThere:
    """Said of another page's too."""
    return NotThere(_("There is no such cause."))


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """A cause with what it costs in a window: complaints, people, those who follow these people, and what these ordered in
    a year (``worth``, None: nobody of them is known to have). ``open``: not solved. ``rank``: see :data:`RANK`."""

    cause: Cause
    complaints: int
    people: int
    reach: int
    worth: float | None
    open: int
    fixed_at: datetime | None
    rank: float


def ranked(team: OnTeam, *, at: datetime) -> list[Ranked]:
    """The page's causes by what they cost, of complaints that came in ninety days. Two queries.

    Raises:
        NotAllowed: her role does not answer.
    """
    team.require(Permission.ANSWER)
    rows = sql.rows(SQL["ranked"], page=team.page_id, since=at - WINDOW, complaint=readings.COMPLAINT)
    profiles = {profile for row in rows for profile in row[8]}
    worth = _worth[0](team.page_id, profiles) if _worth and profiles else {}
    spent = [[worth[profile] for profile in row[8] if profile in worth] for row in rows]
    sums = [sum(each) if each else None for each in spent]
    whole = [sum(row[index] for row in rows) for index in (4, 6)]
    ordered = sum(each or 0.0 for each in sums)
    found = []
    for row, total in zip(rows, sums, strict=True):
        shares = [row[4] / whole[0] if whole[0] else 0.0]
        shares += [row[6] / whole[1]] if whole[1] else []
        shares += [(total or 0.0) / ordered] if ordered else []
        # one complaint of somebody without followers counts for little, not for nothing
        rank = prod(max(each, 1e-3) for each in shares) ** (1 / len(shares))
        found.append(Ranked(
            cause=Cause(*row[:4]), complaints=row[4], people=row[5], reach=int(row[6]), worth=total, open=row[7],
            fixed_at=row[9], rank=rank,
        ))  # fmt: skip
    return sorted(found, key=lambda each: (-each.rank, each.cause.name))
