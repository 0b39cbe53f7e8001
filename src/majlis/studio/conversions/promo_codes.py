"""Promo codes: a word that customers say or type, and whose orders are credited to where it was given out."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import msgspec
import regex
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.ids import new_id

SQL: Final = sql.load("majlis.studio.conversions")
LONGEST: Final = 40
FARTHEST: Final = timedelta(days=3653)
"""So far from now a code may start and end."""
_LEFT_OUT: Final = regex.compile(r"[\s\p{Cc}\p{Cf}\p{Mn}\p{Pd}_ـ.·]+")
_CODE: Final = regex.compile(r"[\p{L}\p{Nd}%+&!]+")


class PromoCode(msgspec.Struct, frozen=True):
    """A promo code of a page, and its orders in the window that was asked about; ``by_script``: of some of these a
    browser's word is all there is."""

    id: int
    code: str
    post_id: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    made_at: datetime
    orders: int
    by_script: bool


def folded(typed: str) -> str:
    """The one form of all spellings: ``زيتون ٢٠``, ``زيتون-20`` and ``زَيتون20`` are one; ``bread 10`` is BREAD10."""
    text = _LEFT_OUT.sub("", unicodedata.normalize("NFKC", typed)).upper()
    return "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() and not letter.isascii() else letter
        for letter in text
    )


def make_promo_code(
    team: OnTeam,
    *,
    code: str,
    at: datetime,
    campaign_id: int | None = None,
    post_id: int | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> int:
    """A new code; its id.

    Raises:
        BadInput: it has no letters or digits, is too long, ends before it starts, or does so in another age.
        Conflict: the page has one that reads the same.
        NotThere, NotAllowed: her role does not include it (any more).
    """
    kept = folded(code)
    if not _CODE.fullmatch(kept) or len(kept) > LONGEST:
        raise BadInput(
            _("A promo code has letters and digits, at most 40."), code="bad_promo_code", field="code"
        )
    for field, moment in (("starts_at", starts_at), ("ends_at", ends_at)):
        if moment is not None and abs(moment - at) > FARTHEST:
            raise BadInput(_("Give a time within ten years of now."), code="bad_time", field=field)
    if starts_at and ends_at and ends_at <= starts_at:
        raise BadInput(_("It has to end after it starts."), code="ends_before", field="ends_at")
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.TRACK, lock=True)
        made = new_id()
        if not sql.execute(
            SQL["make_promo_code"], id=made, page=team.page_id, code=kept, campaign=campaign_id, post=post_id,
            starts_at=starts_at, ends_at=ends_at, at=at,
        ):  # fmt: skip
            raise Conflict(
                _("There is a promo code like this already."), code="promo_code_there", field="code"
            )
        deeds.note(team, "promo_code.made", at=at, subject=made, code=kept)
    return made


def end_promo_code(team: OnTeam, *, promo_code_id: int, at: datetime) -> None:
    """From now on orders with it are not credited.

    Raises:
        NotThere, NotAllowed: it is not the page's or has ended, or is not for her role.
    """
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.TRACK, lock=True)
        if not sql.execute(SQL["end_promo_code"], promo_code=promo_code_id, page=team.page_id, at=at):
            raise NotThere(_("There is no such promo code."))
        deeds.note(team, "promo_code.ended", at=at, subject=promo_code_id)


def promo_codes(team: OnTeam, *, since: datetime, until: datetime) -> list[PromoCode]:
    """The page's promo codes, newest first, with the orders of a window. One query."""
    return [
        PromoCode(*row) for row in sql.rows(SQL["promo_codes"], page=team.page_id, since=since, until=until)
    ]


class Valid(msgspec.Struct, frozen=True):
    """A code that the page has, and from when to when it counts."""

    id: int
    starts_at: datetime | None
    ends_at: datetime | None

    def at(self, moment: datetime) -> bool:
        """Whether an order of that moment is credited to it."""
        return (self.starts_at is None or self.starts_at <= moment) and (
            self.ends_at is None or moment < self.ends_at
        )


def find(*, page_id: int, typed: Collection[str]) -> dict[str, Valid]:
    """What was typed → the page's code, for those that it has."""
    forms = {text: folded(text) for text in typed if text}
    if not forms:
        return {}
    rows = sql.rows(SQL["promo_codes_by_code"], page=page_id, codes=list(set(forms.values())))
    found = {row[0]: Valid(*row[1:]) for row in rows}
    return {text: found[form] for text, form in forms.items() if form in found}
