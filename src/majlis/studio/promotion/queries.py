"""What a team and a member may know of promotions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.core import sql
from majlis.core.errors import NotThere
from majlis.core.paging import Page, Slice
from majlis.studio.promotion import money
from majlis.studio.promotion.audience import FEWEST, SQL, Audience, stored

State = Literal["waiting", "running", "paused", "spent", "over", "stopped"]


class Promotion(msgspec.Struct, frozen=True):
    """A promotion as its team sees it. ``people`` were reached by it; None when they are fewer than ten."""

    id: int
    post_id: int
    campaign_id: int | None
    audience: Audience
    budget: Decimal
    bid: Decimal
    spent: Decimal
    cap: int
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    paused_at: datetime | None
    ended_at: datetime | None
    made_by: str | None
    paused_by: str | None
    ended_by: str | None
    impressions: int
    people: int | None

    @property
    def left(self) -> Decimal:
        """What of the budget is not spent."""
        return self.budget - self.spent

    @property
    def price(self) -> Decimal | None:
        """What an impression cost on average; None before the first."""
        return self.spent / self.impressions if self.impressions else None

    def state(self, *, at: datetime) -> State:
        """How it stands. *spent*: what is left does not pay an impression."""
        if self.ended_at:
            return "stopped"
        if at >= self.ends_at:
            return "over"
        if self.left < money.floor():
            return "spent"
        if self.paused_at:
            return "paused"
        return "waiting" if at < self.starts_at else "running"


class Day(msgspec.Struct, frozen=True):
    """What a promotion was paid for on a day (UTC)."""

    day: date
    impressions: int
    amount: Decimal


class ForMember(msgspec.Struct, frozen=True):
    """A promotion as a member it was shown to may know it: who pays, for what, for whom it is meant."""

    id: int
    page_id: int
    post_id: int
    audience: Audience
    cap: int
    shown: int


def promotions(*, page_id: int, page: Page) -> Slice[Promotion]:
    """The promotions of a page, newest first. One query."""
    return _promotions(page_id, 0, page)


def of_campaign(*, page_id: int, campaign_id: int, page: Page) -> Slice[Promotion]:
    """Those of a campaign, newest first; none for a campaign of another page. One query."""
    return _promotions(page_id, campaign_id, page)


def _promotions(page_id: int, campaign_id: int, page: Page) -> Slice[Promotion]:
    rows = sql.rows(SQL["promotions"], page=page_id, promotion=0, campaign=campaign_id, **page.bounds())
    return page.slice_of((row[0], _promotion(row)) for row in rows)


def promotion(*, page_id: int, promotion_id: int) -> Promotion:
    """One of a page.

    Raises:
        NotThere: it is none of the page's.
    """
    rows = sql.rows(
        SQL["promotions"], page=page_id, promotion=promotion_id, campaign=0, **Page(limit=1).bounds()
    )
    if not rows:
        raise NotThere(_("There is no such promotion."), cause=f"{promotion_id} of {page_id}")
    return _promotion(rows[0])


def _promotion(row: tuple[Any, ...]) -> Promotion:
    values = list(row[1:])
    values[3] = stored(values[3])
    if values[-1] < FEWEST:
        values[-1] = None
    return Promotion(*values)


def days(*, promotion_id: int) -> list[Day]:
    """What was paid, by day. Whoever asks has the promotion from :func:`promotion`."""
    return [Day(*row) for row in sql.rows(SQL["days"], promotion=promotion_id)]


def promotable_posts(*, page_id: int, limit: int = 20) -> list[int]:
    """The newest posts that the page may promote."""
    return sql.column(SQL["promotable_posts"], page=page_id, limit=limit)


def for_member(*, promotion_id: int, viewer: int) -> ForMember:
    """A promotion that she has been shown.

    Raises:
        NotThere: there is none, or it was never given to her.
    """
    row = sql.one(SQL["of_member"], promotion=promotion_id, viewer=viewer)
    if row is None:
        raise NotThere(_("There is no such promotion."), cause=f"{promotion_id} for {viewer}")
    values = [*row]
    values[3] = stored(row[3])
    return ForMember(*values)
