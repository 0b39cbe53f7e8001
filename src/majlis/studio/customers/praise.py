"""Who praises the page to others: joined members alone, by what they said to everybody."""

from __future__ import annotations

from datetime import datetime

import msgspec

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.studio.customers.statements import SQL


class Praise(msgspec.Struct, frozen=True):
    """A customer who spoke well of the page within a window: a review of four stars or more, mentions, boosts."""

    customer_id: int
    member_id: int
    review: bool
    mentions: int
    boosts: int

    @property
    def times(self) -> int:
        """All of it."""
        return int(self.review) + self.mentions + self.boosts


def praise(team: OnTeam, *, since: datetime) -> list[Praise]:
    """Whoever praised the page, most first. One query.

    Raises:
        NotAllowed: her role does not read lists.
    """
    team.require(Permission.CUSTOMERS)
    found = [Praise(*row) for row in sql.rows(SQL["praise"], page=team.page_id, since=since)]
    return sorted((each for each in found if each.times), key=lambda each: -each.times)
