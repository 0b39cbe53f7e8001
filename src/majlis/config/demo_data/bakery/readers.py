"""Whom each of the bakery's posts reached in thirteen weeks, drawn by chance and told as facts.

Each follower opens Majlis in a rhythm of her own. What she comes to when she does, she is served; what of that
stands long enough before her eyes, she views, unless she reads with an app, of which nobody knows it. What she
did with a post (written elsewhere) she must have come to first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp
from random import Random
from typing import Final

from majlis.config.demo_data.bakery.followers import Apart, Lost
from majlis.config.demo_data.bakery.posting import WEEKS
from majlis.config.demo_data.people import Person
from majlis.insights.kinds import Kind, Source, State
from majlis.insights.recording import NewFact
from majlis.insights.states import Noted, Opened
from majlis.studio.links.clicks import NewClick

# how much Majlis is opened in each hour of the day (UTC): most at breakfast and after supper
_TRAVELS: Final = timedelta(days=25)
_HOURS: Final = (6, 3, 2, 2, 5, 12, 18, 16, 11, 9, 9, 11, 13, 11, 9, 9, 11, 14, 18, 22, 22, 17, 11, 8)
_WEEKDAYS: Final = (1.0, 0.95, 1.0, 1.05, 1.25, 1.2, 0.9)
# the share of followers, and how many of a hundred days they open Majlis
_RHYTHMS: Final = ((0.24, 96), (0.28, 55), (0.24, 18), (0.13, 5), (0.11, 0))
_STRANGE: Final = (Source.TAG, Source.EXPLORE, Source.PROFILE, Source.SEARCH)


@dataclass(frozen=True)
class Shown:
    """A post of the bakery, as far as it matters here; ``link_id`` of its tracked link, or 0."""

    id: int
    at: datetime
    language: str
    link_id: int = 0


@dataclass(frozen=True)
class Done:
    """What somebody did with a post, from the tables: it has happened."""

    post_id: int
    who: int
    kind: Kind
    nonce: int
    at: datetime


@dataclass
class _Reader:
    id: int
    since: datetime
    until: datetime | None
    openings: list[datetime]
    app: bool
    patience: float  # hours of posts that she reads back
    heed: float  # how likely she stops at what she comes to


@dataclass
class Told:
    """What is to be told, in no order."""

    facts: list[NewFact] = field(default_factory=list)
    clicks: list[NewClick] = field(default_factory=list)
    states: list[Noted] = field(default_factory=list)
    openings: list[Opened] = field(default_factory=list)


class Weeks:
    """Thirteen weeks of everybody's reading."""

    def __init__(
        self,
        bakery: Person,
        posts: Sequence[Shown],
        *,
        done: Sequence[Done],
        apart: Apart,
        hidden: Collection[int],
        boosts: Mapping[int, datetime],
        at: datetime,
        chance: Random,
    ) -> None:
        self._page, self._posts, self._apart, self._hidden = bakery.id, posts, apart, hidden
        self._boosts, self._at, self._chance = boosts, at, chance
        self._done: dict[tuple[int, int], list[Done]] = {}
        for each in done:
            self._done.setdefault((each.post_id, each.who), []).append(each)
        self.told = Told()

    def everything(self, bakery: Person, lost: Sequence[Lost], strangers: Sequence[Person]) -> Told:
        """All of it."""
        told: list[tuple[int, datetime, datetime | None]]
        told = [(each.id, bakery.since[each.id], None) for each in bakery.followers if not each.domain]
        told += [(each.who.id, each.since, each.until) for each in lost]
        for who, since, until in told:
            self._read(self._reader(who, since, until))
        for post in self._posts:
            self._strangers(post, strangers)
        self._rest()
        self._arrivals(bakery)
        return self.told

    # followers ------------------------------------------------------------------------------------

    def _reader(self, who: int, since: datetime, until: datetime | None) -> _Reader:
        chance = self._chance
        _share, days = chance.choices(_RHYTHMS, weights=[share for share, _days in _RHYTHMS])[0]
        shift = chance.choice((0, 0, 1, -1, 12))
        openings = sorted(self._openings(days / 100, shift, since, until))
        return _Reader(
            who, since, until, openings, app=chance.random() < 0.18, patience=chance.choice((8, 18, 36, 72)),
            heed=chance.uniform(0.45, 0.85),
        )  # fmt: skip

    def _openings(
        self, often: float, shift: int, since: datetime, until: datetime | None
    ) -> Iterator[datetime]:
        midnight = self._at.replace(hour=0, minute=0, second=0, microsecond=0)
        for back in range(7 * WEEKS + 1):
            day = midnight - timedelta(days=back)
            if self._chance.random() >= often * _WEEKDAYS[day.weekday()]:
                continue
            for hour in self._chance.choices(range(24), weights=_HOURS, k=self._chance.choice((1, 1, 2, 3))):
                moment = day + timedelta(hours=(hour + shift) % 24, seconds=self._chance.uniform(0, 3_500))
                if since < moment < (until or self._at):
                    yield moment

    def _read(self, reader: _Reader) -> None:
        if reader.openings:
            self.told.openings.append(Opened(reader.id, reader.openings[-1]))
        for post in self._posts:
            if reader.since <= post.at and (reader.until is None or post.at < reader.until):
                self._meet(reader, post)

    def _meet(self, reader: _Reader, post: Shown) -> None:
        done = self._done.pop((post.id, reader.id), None)
        if done is not None:
            self._did(reader.id, post, done, app=reader.app)
            return
        place = bisect_left(reader.openings, post.at)
        if place == len(reader.openings):
            return  # she has opened nothing since
        first = reader.openings[place]
        far = (first - post.at) / timedelta(hours=1) / reader.patience
        if state := self._left_out(reader, post, first):
            self.told.states.append(Noted(reader.id, post.id, state if far < 2 else State.NOT_SO_FAR))
        elif self._chance.random() < exp(-far):
            self._serve(reader, post, reader.openings[place : place + 2])
        else:
            self._later(reader, post, place)

    def _left_out(self, reader: _Reader, post: Shown, moment: datetime) -> State | None:
        """Her own wishes, as the rules of the feed go through them."""
        if self._apart.muted.get(reader.id, self._at) < moment:
            return State.MUTED
        if self._apart.language.get(reader.id, self._at) < moment and post.language != "ar":
            return State.LANGUAGE
        if self._apart.filtered.get(reader.id, self._at) < moment and post.id in self._hidden:
            return State.FILTERED
        return None

    def _later(self, reader: _Reader, post: Shown, place: int) -> None:
        """She did not come to it; the bakery may have shown it once more since."""
        again = self._boosts.get(post.id)
        later = again is not None and bisect_left(reader.openings, again, place) < len(reader.openings)
        quiet = later and self._apart.quiet.get(reader.id, self._at) < (again or self._at)
        self.told.states.append(Noted(reader.id, post.id, State.BOOSTS_HIDDEN if quiet else State.NOT_SO_FAR))

    def _serve(self, reader: _Reader, post: Shown, openings: Sequence[datetime]) -> None:
        source = Source.APP if reader.app else self._chance.choices((Source.HOME, Source.LIST), (93, 7))[0]
        if len(openings) == 2 and self._chance.random() > 0.25:
            openings = openings[:1]
        for moment in openings:
            self._served(reader.id, post.id, source, moment)
            if source is not Source.APP and self._chance.random() < reader.heed:
                self._viewed(reader.id, post, source, moment)

    # what is told ---------------------------------------------------------------------------------

    def _fact(
        self, who: int, post_id: int, kind: Kind, source: Source, at: datetime, *, nonce: int | None = None
    ) -> None:
        nonce = self._chance.getrandbits(62) | 1 if nonce is None else nonce
        self.told.facts.append(
            NewFact(
                page_id=self._page,
                post_id=post_id,
                profile_id=who,
                kind=kind,
                source=source,
                nonce=nonce,
                at=at,
            )
        )

    def _served(self, who: int, post_id: int, source: Source, at: datetime) -> None:
        # once an hour and place, as the server counts it
        nonce = (int(at.timestamp()) // 3600 << 8 | source) << 1
        self._fact(who, post_id, Kind.SERVED, source, at, nonce=nonce)

    def _viewed(self, who: int, post: Shown, source: Source, at: datetime) -> None:
        moment = min(at + timedelta(seconds=self._chance.uniform(2, 90)), self._at)
        self._fact(who, post.id, Kind.IMPRESSION, source, moment)
        luck = self._chance.random()
        if luck < 0.06:
            self._fact(who, post.id, Kind.CLICK, source, moment + timedelta(seconds=4))
        elif luck < 0.07:
            self._fact(who, 0, Kind.PROFILE_VISIT, source, moment + timedelta(seconds=6))
        if post.link_id and self._chance.random() < 0.11:
            self._clicked(who, post, source, moment)

    def _clicked(self, who: int, post: Shown, source: Source, at: datetime) -> None:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        token = "".join(self._chance.choices(letters, k=16))
        self.told.clicks.append(
            NewClick(
                link_id=post.link_id, page_id=self._page, post_id=post.id, token=token, profile_id=who,
                source=source, at=min(at + timedelta(seconds=self._chance.uniform(1, 40)), self._at),
            )
        )  # fmt: skip

    # who did something, and strangers -------------------------------------------------------------

    def _did(self, who: int, post: Shown, done: Sequence[Done], *, app: bool) -> None:
        first = min(each.at for each in done)
        source = Source.APP if app else Source.HOME
        seen = max(first - timedelta(seconds=self._chance.uniform(20, 300)), post.at)
        self._served(who, post.id, source, seen)
        if not app:
            self._fact(who, post.id, Kind.IMPRESSION, source, seen + (first - seen) / 2)
        for each in done:
            self._fact(who, post.id, each.kind, source, each.at, nonce=each.nonce)

    def _rest(self) -> None:
        """What those did who do not follow, or not yet."""
        posts = {post.id: post for post in self._posts}
        for (post_id, who), done in self._done.items():
            post = posts.get(post_id)
            if post is not None and who != self._page:
                self._did(who, post, done, app=False)

    def _strangers(self, post: Shown, strangers: Sequence[Person]) -> None:
        """Members who do not follow, by a hashtag or the page itself; and who comes from elsewhere, unknown."""
        for each in self._chance.sample(
            strangers, min(int(self._chance.expovariate(1 / 16)), 90, len(strangers))
        ):
            source = self._chance.choice(_STRANGE)
            self._viewed(each.id, post, source, self._soon(post))
        for _visit in range(min(int(self._chance.expovariate(1 / 9)), 60)):
            moment = self._soon(post)
            self._fact(0, post.id, Kind.IMPRESSION, Source.OUTSIDE, moment)
            if post.link_id and self._chance.random() < 0.3:
                self._clicked(0, post, Source.OUTSIDE, moment)

    def _soon(self, post: Shown) -> datetime:
        late = timedelta(hours=self._chance.expovariate(1 / 20))
        return min(post.at + late, self._at - timedelta(seconds=self._chance.uniform(1, 600)))

    def _arrivals(self, bakery: Person) -> None:
        """New followers, and where they came from."""
        begin = self._at - timedelta(weeks=WEEKS)
        for who, since in bakery.since.items():
            if since > begin and who not in self._apart.unmeasured:
                source = self._chance.choice(
                    (Source.PROFILE, Source.PROFILE, Source.TAG, Source.EXPLORE, Source.HOME)
                )
                self._fact(who, 0, Kind.FOLLOW, source, since, nonce=bakery.id)
                self._led_here(who, source, since)

    def _led_here(self, who: int, source: Source, since: datetime) -> None:
        """Most came by one of the few posts that travel far; it was seen some minutes before."""
        moment = since - timedelta(minutes=7)
        far = [post for post in self._posts[::20] if moment - _TRAVELS < post.at < moment]
        if far and who % 9:
            self._fact(who, far[-1].id, Kind.IMPRESSION, source, moment)
