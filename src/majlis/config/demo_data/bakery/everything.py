"""The order in which the bakery's story is told: who follows, what it posted, whom that reached, what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from majlis.brands.access import OnTeam
from majlis.brands.roles import Role
from majlis.config.demo_data.bakery import (
    caring,
    customers,
    followers,
    money,
    page,
    plan,
    planning,
    reviews,
    rivals,
    shop,
    spending,
    telling,
    trying,
)
from majlis.config.demo_data.bakery.followers import Lost
from majlis.config.demo_data.bakery.posting import WEEKS
from majlis.config.demo_data.bakery.readers import Shown, Weeks
from majlis.config.demo_data.people import CAST, Ids, Person
from majlis.config.demo_data.talk import Talk
from majlis.core import sql
from majlis.posts.actions.bulk import WholePost

_CAMPAIGN: Final = timedelta(days=28)
# written in one go, they are read in the order of their moments
_DEEDS: Final = "SELECT d.id, d.made_at FROM brands_deed d ORDER BY d.made_at, d.id"
_IN_ORDER: Final = """
    UPDATE brands_deed d SET id = x.fresh FROM unnest(%(ids)s::bigint[], %(fresh)s::bigint[]) AS x (id, fresh)
    WHERE d.id = x.id
"""


@dataclass(frozen=True)
class Made:
    """What there is, for whoever runs the command."""

    posts: int
    facts: int
    orders: int
    reviews: int


class Bakery:
    """Bayt Zaytoun."""

    def __init__(
        self,
        cast: Mapping[str, Person],
        everybody: Sequence[Person],
        *,
        at: datetime,
        ids: Ids,
        chance: Random,
    ) -> None:
        self._cast, self._everybody = cast, everybody
        self._at, self._ids, self._chance = at, ids, chance
        self.profile = cast["bayt_zaytoun"]
        self._lost: list[Lost] = []

    def before_profiles(self) -> None:
        """Say who follows since when, before that is written."""
        self._lost = followers.arrange(self.profile, self._everybody, at=self._at, chance=self._chance)

    def before_posts(self) -> None:
        """Pages for all businesses, with the history of their followers."""
        followers.write_lost(self.profile, self._lost, ids=self._ids)
        for business in self._cast.values():
            if business.kind == "business":
                page.open_page(business)
        followers.end_lost(self.profile, self._lost)

    def after_posts(self, talk: Talk) -> None:
        """Its posts are measured from now on: what members do next is a fact by itself."""
        telling.measure(plan.posts_of(talk.posts, page=self.profile.id))

    def after_all(self, talk: Talk, *, operator: int) -> Made:
        """The team, the plan, the readers, the money. ``operator`` is a login."""
        begin, since = self._at - timedelta(weeks=WEEKS), self._at - _CAMPAIGN
        team = page.gather(self.profile, self._cast, at=begin - timedelta(days=20))
        page.describe(team, at=begin - timedelta(days=9), today=self._at)
        campaign = plan.make_campaign(team[Role.OWNER], since=since, at=self._at)
        own = plan.posts_of(talk.posts, page=self.profile.id)
        entries = plan.write_published(team, own, campaign=campaign, since=since, chance=self._chance)
        links = shop.make_links(
            team[Role.ADVERTISER], talk.tracked, entries=entries, campaign=campaign, since=since
        )
        shop.make_codes(team[Role.ADVERTISER], campaign=campaign, since=since)
        shown = [Shown(post.id, post.made_at, post.language, links.get(post.id, 0)) for post in own]
        weeks = self._readers(talk, shown, operator=operator, team=team, campaign=campaign)
        orders = shop.Orders(team, at=self._at, chance=self._chance).report(
            weeks.told.clicks, codes_since=since
        )
        # a chance of its own: what is told after it stays as it was
        customers.write(team, at=self._at, chance=Random(4))  # noqa: S311
        team_members = {*page.TEAM}
        said = [who for who in self._everybody if not who.light and who.kind == "person"]
        said = [who for who in said if who.handle not in team_members and who.made_at < self._at]
        written = reviews.write(self.profile, team, said, at=self._at, chance=self._chance)
        dana, readers = self._cast["dana"], {who.id for who in self.profile.followers}
        customers.join(team, dana, [who for who in said if who.id in readers], at=self._at)
        rivals.tell(team, said, at=self._at, ids=self._ids, chance=self._chance)
        plan.plan_ahead(team, campaign=campaign, at=self._at)
        self._money(team, own, entries=entries, campaign=campaign, begin=begin)
        trying.try_out(team, own, since=since, at=self._at)
        planning.expect(self.profile.id, own, at=self._at)
        planning.plan(team, at=self._at)
        caring.care(self.profile, team, said, at=self._at, chance=Random(5))  # noqa: S311
        self._order_deeds()
        return Made(len(own), len(weeks.told.facts), orders, written)

    def _money(
        self,
        team: Mapping[Role, OnTeam],
        own: Sequence[WholePost],
        *,
        entries: Mapping[int, int],
        campaign: int,
        begin: datetime,
    ) -> None:
        """What all of it cost, told as everything else through the studio's own doors."""
        money.count(team, at=self._at, begin=begin)
        written = [(entries[post.id], post.made_at) for post in own if post.id in entries]
        money.Work(team, at=self._at, ids=self._ids, chance=self._chance).write(written, begin=begin)
        money.spend(team, campaign=campaign, at=self._at, begin=begin)
        money.close(team, at=self._at)

    def _readers(
        self,
        talk: Talk,
        shown: Sequence[Shown],
        *,
        operator: int,
        team: Mapping[Role, OnTeam],
        campaign: int,
    ) -> Weeks:
        id_ = self.profile.id
        done = telling.what_was_done(page=id_)
        apart = followers.set_apart(self.profile, at=self._at, ids=self._ids, chance=self._chance)
        telling.freeze(page=id_)
        texts = {post.id: post.text for post in talk.posts}
        boosts = {p.boost_of_id: p.made_at for p in talk.posts if p.author_id == id_ and p.boost_of_id}
        weeks = Weeks(
            self.profile, shown, done=done, apart=apart, boosts=boosts, at=self._at, chance=self._chance,
            hidden=followers.hidden_by_words((post.id, texts[post.id]) for post in shown),
        )  # fmt: skip
        strangers = self._strangers()
        telling.tell(weeks.everything(self.profile, self._lost, strangers), at=self._at)
        spending.fill_account(page=id_, by=operator, at=self._at)
        some = [who for who in self.profile.followers if who.light and not who.domain]
        apart_ids = {*apart.muted, *apart.unmeasured}
        some = [who for who in some if who.id not in apart_ids] + strangers
        spent = spending.Spending(team[Role.ADVERTISER], at=self._at, ids=self._ids, chance=self._chance)
        spent.everything(shown, some, campaign=campaign)
        return weeks

    def _strangers(self) -> list[Person]:
        """Some of those who do not follow, and never did; those with a login act for themselves."""
        known = {who.id for who in self.profile.followers} | {each.who.id for each in self._lost}
        cast = {handle for handle, *_rest in CAST}
        begin = self._at - timedelta(weeks=WEEKS)
        others = [
            who for who in self._everybody
            if who.id not in known and who.handle not in cast and not who.domain and who.made_at < begin
        ]  # fmt: skip
        return self._chance.sample(others, min(900, len(others)))

    def _order_deeds(self) -> None:
        rows = sql.rows(_DEEDS)
        fresh = sorted(self._ids.at(moment) for _id, moment in rows)
        sql.execute(_IN_ORDER, ids=[row[0] for row in rows], fresh=fresh)
