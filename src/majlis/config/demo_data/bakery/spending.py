"""What the bakery paid to be seen: an account that the operator filled, a promotion that is over, one that runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.config.demo_data.bakery.readers import Shown
from majlis.config.demo_data.people import Ids, Person
from majlis.core import json, sql
from majlis.core.ids import new_id
from majlis.insights import recording
from majlis.insights.kinds import Kind, Source
from majlis.insights.recording import NewFact
from majlis.posts.actions.bulk import copy_rows
from majlis.studio.promotion import account, charging, money
from majlis.studio.promotion.audience import SQL, Audience

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class _Promotion:
    """One of them: for which post, of what the campaign is, and how many places it won."""

    post: Shown
    campaign: int | None
    starts: datetime
    ends: datetime
    budget: Decimal
    bid: Decimal
    places: int


def fill_account(*, page: int, by: int, at: datetime) -> None:
    """Twice, by the operator's login."""
    notes = ("الرصيد الأول (مثال) · The first deposit (an example)", "الشتاء (مثال) · Winter (an example)")
    for back, amount, note in ((70, "40", notes[0]), (20, "30", notes[1])):
        account.top_up(page_id=page, amount=Decimal(amount), note=note, by=by, at=at - back * _DAY)


class Spending:
    """Makes promotions, and lets them be seen."""

    def __init__(self, team: OnTeam, *, at: datetime, ids: Ids, chance: Random) -> None:
        self._team, self._at, self._ids, self._chance = team, at, ids, chance

    def everything(self, posts: Sequence[Shown], people: Sequence[Person], *, campaign: int) -> None:
        """One of eight weeks ago, one that runs. ``people`` are those who may be shown one."""
        then = self._at - 56 * _DAY
        first = next(post for post in posts if post.at > then)
        second = [post for post in posts if post.at < self._at - 5 * _DAY][-1]
        for promotion in (
            _Promotion(first, None, first.at + _DAY, first.at + 8 * _DAY, Decimal(25), Decimal("0.09"), 330),
            _Promotion(
                second, campaign, self._at - 4 * _DAY, self._at + 6 * _DAY, Decimal(20), Decimal("0.11"), 140
            ),
        ):
            self._run(self._make(promotion), promotion, people)

    def _make(self, promotion: _Promotion) -> int:
        made_at = promotion.starts - timedelta(hours=2)
        id_ = new_id()
        # what `promotion.actions.make` writes; it asks how many members with a login there are, here too few
        sql.execute(
            SQL["insert_promotion"], id=id_, page=self._team.page_id, post=promotion.post.id,
            campaign=promotion.campaign, audience=json.encode(Audience(who="everyone")).decode(),
            budget=promotion.budget, bid=promotion.bid, cap=3, starts=promotion.starts, ends=promotion.ends,
            by=self._team.by, at=made_at,
        )  # fmt: skip
        deeds.note(
            self._team, "promotion.made", at=made_at, subject=id_, post=str(promotion.post.id),
            budget=str(promotion.budget),
        )  # fmt: skip
        return id_

    def _run(self, id_: int, promotion: _Promotion, people: Sequence[Person]) -> None:
        last = min(promotion.ends, self._at)
        some = self._chance.sample(people, min(promotion.places * 2 // 3, len(people)))
        day = promotion.starts
        while day < last:
            share = promotion.places * _DAY / (last - promotion.starts)
            self._day(id_, promotion, some, day, min(day + _DAY, last), round(share))
            day += _DAY

    def _day(
        self,
        id_: int,
        promotion: _Promotion,
        some: Sequence[Person],
        start: datetime,
        end: datetime,
        most: int,
    ) -> None:
        places = []
        for who in self._chance.sample(some, min(most, len(some))):
            moment = start + (end - start) * self._chance.random()
            price = max(promotion.bid * Decimal(self._chance.randint(35, 95)) / 100, money.floor())
            places.append((self._ids.at(moment), id_, who.id, price.quantize(money.STEP), moment))
        copy_rows("studio_promotionoffer", ("id", "promotion_id", "profile_id", "price", "made_at"), places)
        facts = [
            NewFact(
                page_id=self._team.page_id, post_id=promotion.post.id, profile_id=who, kind=kind, source=Source.HOME,
                paid=True, nonce=offer if kind is Kind.IMPRESSION else _served(moment), at=moment,
            )
            for offer, _promotion, who, _price, moment in places
            for kind in (Kind.SERVED, Kind.IMPRESSION)
        ]  # fmt: skip
        recording.record(facts, arrived_at=end)
        charging.charge([offer for offer, *_rest in places], at=end)


def _served(at: datetime) -> int:
    # once an hour and place, as the server counts it
    return (int(at.timestamp()) // 3600 << 8 | Source.HOME) << 1 | 1
