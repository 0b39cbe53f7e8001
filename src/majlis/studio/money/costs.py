"""What was spent besides hours and promotion: tools, production, anything else, over the days it was for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.studio.conversions import currencies
from majlis.studio.models import Cost as Row
from majlis.studio.money.terms import SQL

Kind = Row.Kind
_MOST_DAYS: Final = 3660
_LONGEST_NOTE: Final = 200


class Cost(msgspec.Struct, frozen=True):
    """An amount, for the days from the first to the last: both are in it."""

    id: int
    kind: str
    amount: Decimal
    currency: str
    from_day: date
    to_day: date
    entry_id: int | None
    campaign_id: int | None
    note: str
    post_id: int | None

    def within(self, first: date, last: date) -> Decimal:
        """What of it falls on the days from ``first`` to ``last``: every day costs the same.

        What a cost leaves on adjoining days adds up to it exactly, as each part is the difference of two sums.
        """
        return self._until(last) - self._until(date.fromordinal(first.toordinal() - 1))

    def _until(self, day: date) -> Decimal:
        days = (self.to_day - self.from_day).days + 1
        passed = min(max((day - self.from_day).days + 1, 0), days)
        return (self.amount * passed / days).quantize(Decimal("0.000001"))


def spend(
    team: OnTeam,
    *,
    kind: str,
    amount: Decimal,
    currency: str,
    from_day: date,
    to_day: date | None = None,
    entry_id: int | None = None,
    campaign_id: int | None = None,
    note: str = "",
    at: datetime,
) -> int:
    """Write down money that was spent; its id.

    Raises:
        BadInput: no such kind or currency; an amount not above nothing; days out of order or too many.
    """
    to_day = to_day or from_day
    if kind not in Kind.values:
        raise BadInput(_("Choose what the money was for."), field="kind")
    if not amount.is_finite() or not 0 < amount < currencies.LARGEST:
        raise BadInput(_("This is no amount above zero. Write it like 12.50."), field="amount", code="amount")
    if not 0 <= (to_day - from_day).days < _MOST_DAYS:
        raise BadInput(
            _("The last day comes after the first, within ten years."), field="to_day", code="days"
        )
    cost_id = new_id()
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.BUDGET, lock=True)
        sql.execute(
            SQL["keep_cost"], id=cost_id, page=team.page_id, kind=kind, amount=amount.quantize(Decimal("0.001")),
            currency=currencies.currency(currency), from_day=from_day, to_day=to_day, entry=entry_id,
            campaign=campaign_id, note=" ".join(clean_text(note).split())[:_LONGEST_NOTE], by=team.by, at=at,
        )  # fmt: skip
        deeds.note(team, "cost.written", at=at, subject=cost_id)
    return cost_id


def forget(team: OnTeam, *, cost_id: int, at: datetime) -> None:
    """It was not spent after all.

    Raises:
        NotThere: there is no such cost.
    """
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.BUDGET, lock=True)
        if sql.one(SQL["forget_cost"], id=cost_id, page=team.page_id) is None:
            raise NotThere(_("There is no such cost."))
        deeds.note(team, "cost.forgotten", at=at, subject=cost_id)


def costs(team: OnTeam, *, first: date, last: date) -> list[Cost]:
    """What was spent for days from ``first`` to ``last``, newest first.

    Raises:
        NotAllowed: her role does not keep the money.
    """
    team.require(Permission.MONEY)
    return [Cost(*row) for row in sql.rows(SQL["costs"], page=team.page_id, first=first, last=last)]
