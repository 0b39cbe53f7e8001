"""Links, goals, promo codes and orders of the bakery: from a post to a click to an order, and some without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from django.conf import settings
from msgspec.structs import replace

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.roles import Role
from majlis.config.demo_data.bakery.page import SITE
from majlis.config.demo_data.bakery.posting import WEEKS, WORDS, Planned
from majlis.core import sql
from majlis.core.ids import new_id
from majlis.studio.conversions import goals, orders, promo_codes, reports
from majlis.studio.conversions.state import Report
from majlis.studio.links.clicks import NewClick
from majlis.studio.links.memory import SQL

_WITHIN: Final = timedelta(days=7)
_BASKETS: Final = ("3.50", "7.00", "9.80", "12.40", "14.90", "19.00", "22.60", "29.80", "38.00", "68.00")
_WEIGHTS: Final = (9, 12, 14, 15, 18, 12, 8, 6, 3, 3)
_OF_PAGE: Final = "UPDATE studio_trackedlink SET post_id = %(post)s WHERE code = %(code)s RETURNING id"


def make_links(
    team: OnTeam,
    tracked: Mapping[int, Planned],
    *,
    entries: Mapping[int, int],
    campaign: int,
    since: datetime,
) -> dict[int, int]:
    """The links that stand in the posts; post → link. ``campaign`` from ``since`` on."""
    made: dict[int, int] = {}
    for post_id, planned in tracked.items():
        link_id = new_id()
        within = planned.at >= since
        sql.execute(
            SQL["make_link"], id=link_id, page=team.page_id, code=planned.code, target=f"{SITE}/order", label="",
            source=settings.MAJLIS.host[:120], medium="social",
            campaign_name="winter-table" if within else "", content="", campaign=campaign if within else None,
            entry=entries[post_id], by=team.by, at=planned.at - timedelta(hours=20),
        )  # fmt: skip
        deeds.note(
            team, "link.made", at=planned.at - timedelta(hours=20), subject=link_id, target=f"{SITE}/order"
        )
        sql.execute(_OF_PAGE, code=planned.code, post=post_id)
        made[post_id] = link_id
    return made


def make_codes(team: OnTeam, *, campaign: int, since: datetime) -> None:
    """The words customers say at the till."""
    for word in WORDS.values():
        promo_codes.make_promo_code(team, code=word, at=since, campaign_id=campaign, starts_at=since)


class Orders:
    """Orders as the shop's own server reported them."""

    def __init__(self, team: Mapping[Role, OnTeam], *, at: datetime, chance: Random) -> None:
        self._team, self._at, self._chance = team, at, chance
        self._page = team[Role.OWNER].page_id
        self._count = 0

    def report(self, clicks: Sequence[NewClick], *, codes_since: datetime) -> int:
        """All of them, week by week; how many."""
        advertiser = self._team[Role.ADVERTISER]
        begin = self._at - timedelta(weeks=WEEKS)
        goal = goals.make_goal(advertiser, name="Order · طلب", kind="order", origins=[SITE], at=begin)
        goals.make_goal(advertiser, name="Class booked · حجز درس", kind="event", origins=[SITE], at=begin)
        every = [*self._by_click(clicks), *self._by_word(codes_since), *self._unattributed(begin)]
        waiting = [self._numbered(each, goal.id) for each in sorted(every, key=lambda each: each.as_of)]
        while waiting:
            until = min(waiting[0].as_of + _WITHIN, self._at)
            week = [each for each in waiting if each.as_of <= until]
            orders.take(page_id=self._page, reports=week, arrived_at=until)
            waiting = waiting[len(week) :]
        return self._count

    def _by_click(self, clicks: Sequence[NewClick]) -> list[Report]:
        """Of every eight clicks one buys, most within the hour, some after days."""
        found = []
        for click in clicks:
            if self._chance.random() < 0.125:
                late = self._chance.choice((0.2, 0.4, 1, 1, 20, 60))
                moment = click.at + timedelta(hours=self._chance.expovariate(1 / late))
                found.append(self._order(moment, click_token=click.token))
        return found

    def _by_word(self, since: datetime) -> list[Report]:
        days = (self._at - since) / timedelta(days=1)
        words = [*WORDS.values()]
        return [
            self._order(
                since + timedelta(days=self._chance.uniform(0.2, days)), promo_code=self._chance.choice(words)
            )
            for _order in range(22)
        ]

    def _unattributed(self, begin: datetime) -> list[Report]:
        days = (self._at - begin) / timedelta(days=1)
        return [self._order(begin + timedelta(days=self._chance.uniform(1.5, days))) for _order in range(38)]

    def _order(self, moment: datetime, *, click_token: str = "", promo_code: str = "") -> Report:
        moment = min(moment, self._at - timedelta(minutes=1))
        luck = self._chance.random()
        value = Decimal(self._chance.choices(_BASKETS, _WEIGHTS)[0])
        return Report(
            external_id="",
            by="script" if luck > 0.93 else "server",
            as_of=moment,
            ordered_at=moment,
            value=value,
            currency=settings.MAJLIS.currency,
            cancelled=luck < 0.03,
            refunds={"refund-1": value / 2} if 0.03 < luck < 0.06 else {},
            customer=reports.customer(f"customer {self._chance.randrange(90)}", page_id=self._page),
            click_token=click_token,
            promo_code=promo_codes.folded(promo_code),
        )

    def _numbered(self, report: Report, goal: int) -> Report:
        self._count += 1
        return replace(report, external_id=f"BZ-{self._count:04d}", goal_id=goal)
