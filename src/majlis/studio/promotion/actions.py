"""What a team does with promotions: make, pause, resume, stop. Each is in the team's book."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.core import changes, json, sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.ids import new_id
from majlis.studio.promotion import account, money
from majlis.studio.promotion.audience import FEWEST, SQL, Audience, reach

MOST_CAP: Final = 20
LONGEST: Final = timedelta(days=366)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A promotion to be made. Money in the house's currency; ``bid`` is for one impression, ``cap`` the most
    impressions of one person."""

    post_id: int
    audience: Audience
    budget: Decimal
    bid: Decimal
    cap: int
    starts_at: datetime
    ends_at: datetime
    campaign_id: int | None = None


@transaction.atomic
def make(*, team: OnTeam, plan: Plan, at: datetime) -> int:
    """Start a promotion at its time; its id. ``team`` may PROMOTE.

    Raises:
        BadInput: dates, prices or the audience cannot be used; ``field`` says which.
        NotThere: it is no public post of the page, or no campaign of it.
        Conflict: the account does not hold what it may spend.
    """
    _check(plan, at=at)
    if sql.one(SQL["promotable"], post=plan.post_id, page=team.page_id) is None:
        raise NotThere(_("Only public posts of the page itself can be promoted."), field="post")
    if plan.campaign_id and not sql.one(
        SQL["campaign_of_page"], campaign=plan.campaign_id, page=team.page_id
    ):
        raise NotThere(_("There is no such campaign."), field="campaign")
    if reach(page_id=team.page_id, audience=plan.audience) < FEWEST:
        raise BadInput(
            _(
                "Fewer than ten people here can see it. To so few nothing is promoted: it would tell who they are."
            ),
            field="who",
            code="too_few",
        )
    if account.balance(page_id=team.page_id) < plan.bid:
        raise Conflict(
            _("The account holds less than one impression may cost. The operator tops it up."), code="balance"
        )
    return _insert(team, plan, at=at)


def _check(plan: Plan, *, at: datetime) -> None:
    if plan.bid < money.floor():
        raise BadInput(_("The bid is below the least that an impression costs here."), field="bid")
    if plan.budget < plan.bid:
        raise BadInput(_("The budget is less than one impression may cost."), field="budget")
    if not 1 <= plan.cap <= MOST_CAP:
        raise BadInput(_("Each person can see it 1 to 20 times."), field="cap")
    if plan.ends_at <= max(plan.starts_at, at):
        raise BadInput(_("It ends after it starts, and not in the past."), field="ends_at")
    if plan.ends_at - plan.starts_at > LONGEST:
        raise BadInput(_("A promotion lasts a year at the most."), field="ends_at")


def _insert(team: OnTeam, plan: Plan, *, at: datetime) -> int:
    id_ = new_id()
    sql.execute(
        SQL["insert_promotion"],
        id=id_,
        page=team.page_id,
        post=plan.post_id,
        campaign=plan.campaign_id,
        audience=json.encode(plan.audience).decode(),
        budget=plan.budget,
        bid=plan.bid,
        cap=plan.cap,
        starts=plan.starts_at,
        ends=plan.ends_at,
        by=team.by,
        at=at,
    )
    deeds.note(team, "promotion.made", at=at, subject=id_, post=str(plan.post_id), budget=str(plan.budget))
    changes.append(account.CHANGED, team.page_id, at=at)
    return id_


@transaction.atomic
def pause(*, team: OnTeam, promotion_id: int, at: datetime) -> None:
    """Show it no more until it is resumed. Nothing happens when it is paused already.

    Raises:
        NotThere: it is none of the page's.
        Conflict: it has ended.
    """
    paused, _ends = _held(team, promotion_id, at=at)
    if not paused:
        _change(team, "pause", "promotion.paused", promotion_id, at=at)


@transaction.atomic
def resume(*, team: OnTeam, promotion_id: int, at: datetime) -> None:
    """Show it again, until it ends. Raises as :func:`pause`."""
    paused, _ends = _held(team, promotion_id, at=at)
    if paused:
        _change(team, "resume", "promotion.resumed", promotion_id, at=at)


@transaction.atomic
def stop(*, team: OnTeam, promotion_id: int, at: datetime) -> None:
    """Show it never again; what was not spent is still in the account. Raises as :func:`pause`."""
    _held(team, promotion_id, at=at)
    _change(team, "end", "promotion.stopped", promotion_id, at=at)


def _held(team: OnTeam, promotion_id: int, *, at: datetime) -> tuple[bool, datetime]:
    row = sql.one(SQL["lock_promotion"], promotion=promotion_id, page=team.page_id)
    if row is None:
        raise NotThere(_("There is no such promotion."), cause=f"{promotion_id} of {team.page_id}")
    paused, ended, ends_at = row
    if ended or ends_at <= at:
        raise Conflict(_("This promotion has ended."), code="ended")
    return bool(paused), ends_at


def _change(team: OnTeam, statement: str, deed: str, promotion_id: int, *, at: datetime) -> None:
    by = {} if statement == "resume" else {"by": team.by, "at": at}
    sql.execute(SQL[statement], promotion=promotion_id, **by)
    deeds.note(team, deed, at=at, subject=promotion_id)
    changes.append(account.CHANGED, team.page_id, at=at)
