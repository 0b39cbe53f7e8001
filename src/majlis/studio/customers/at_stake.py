"""What people who complain are worth to a business: of those alone who joined themselves to it."""

from __future__ import annotations

from collections.abc import Collection

from majlis.core import sql
from majlis.studio.customers.statements import SQL


def ordered(page_id: int, profiles: Collection[int]) -> dict[int, float]:
    """What these members paid, in the currency of the page's book, of those who let the page know them. One query."""
    rows = sql.rows(SQL["at_stake"], page=page_id, profiles=list(profiles))
    return {profile: float(value) for profile, value in rows}
