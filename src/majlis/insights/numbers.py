"""The numbers, each with everything that must stand beside it: window, population, grade, formula.

Definitions: METRICS. A division by nothing has no value and says *not enough yet*; a number about one to nine
people has none either and says *fewer than ten*. Unique reach is counted anew for every window, never added up.
Interactions and impressions are those of members; who is not signed in is counted apart and is in no rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal

import msgspec

from majlis.core import sql
from majlis.insights.kinds import FEWEST_SHOWN, INTERACTIONS, Kind, Source
from majlis.insights.ledger import Exact, exact
from majlis.insights.tables import SQL

INTERACTING: Final = sorted(int(kind) for kind in INTERACTIONS)
Missing = Literal["", "not_enough", "few"]


class Number(msgspec.Struct, frozen=True):
    """A number and how it came about. ``of`` is the denominator; None for a count."""

    name: str
    formula: str
    value: float | None
    count: int | None
    of: int | None
    population: str
    since: datetime | None
    until: datetime | None
    grade: Literal["exact", "reported", "estimated"] = "exact"
    missing: Missing = ""


class Window(msgspec.Struct, frozen=True):
    """Whole days (UTC), the last one included."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, *, days: int) -> Window:
        """So many days up to this one."""
        return cls(last - timedelta(days=days - 1), last)

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time(), UTC)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)


class Totals(msgspec.Struct, frozen=True):
    """What the rates are made of. Counts of members and of what they did."""

    reach: int
    impressions: int
    interactions: int
    followers: int


FORMULAS: Final[Mapping[str, tuple[str, str]]] = {
    "reach": ("distinct accounts with ≥ 1 impression", "members"),
    "organic_reach_rate": (
        "distinct followers reached unpaid ÷ followers eligible when it was published",
        "followers eligible when it was published",
    ),
    "reach_to_followers": ("reach ÷ followers now (the trade's looser form)", "followers now"),
    "frequency": ("impressions ÷ reach", "members reached"),
    "engagement_by_reach": ("interactions ÷ reach", "members reached"),
    "engagement_by_impressions": ("interactions ÷ impressions", "impressions of members"),
    "engagement_by_followers": ("interactions ÷ followers", "followers now"),
}


def rates(totals: Totals, *, since: datetime | None, until: datetime | None) -> dict[str, Number]:
    """Reach, its looser rate, frequency, and the three engagement rates."""
    reach, seen, done = totals.reach, totals.impressions, totals.interactions
    parts = {
        "reach_to_followers": (reach, totals.followers),
        "frequency": (seen, reach),
        "engagement_by_reach": (done, reach),
        "engagement_by_impressions": (done, seen),
        "engagement_by_followers": (done, totals.followers),
    }
    few = 0 < reach < FEWEST_SHOWN
    numbers = {"reach": _counted("reach", reach, since, until)}
    for name, (count, of) in parts.items():
        numbers[name] = _divided(name, count, of, since, until, few=few)
    return numbers


def _counted(name: str, people: int, since: datetime | None, until: datetime | None) -> Number:
    few = 0 < people < FEWEST_SHOWN
    formula, population = FORMULAS[name]
    shown = None if few else people
    return Number(name, formula, shown, shown, None, population, since, until, missing="few" if few else "")


def _divided(
    name: str, count: int, of: int, since: datetime | None, until: datetime | None, *, few: bool
) -> Number:
    formula, population = FORMULAS[name]
    if few or 0 < of < FEWEST_SHOWN:
        return Number(name, formula, None, None, None, population, since, until, missing="few")
    if not of:
        return Number(name, formula, None, count, of, population, since, until, missing="not_enough")
    return Number(name, formula, count / of, count, of, population, since, until)


# of a post ----------------------------------------------------------------------------------------


def of_post(*, post_id: int, at: datetime) -> dict[str, Number]:
    """All numbers of a post since it appeared.

    Raises:
        NotThere: it is not measured.
    """
    ledger = exact(post_id=post_id)
    numbers = rates(post_totals(ledger), since=ledger.appeared_at, until=at)
    organic = ledger.followers.organic
    rate = _divided(
        "organic_reach_rate",
        organic,
        ledger.eligible,
        ledger.appeared_at,
        at,
        few=0 < organic < FEWEST_SHOWN,
    )
    return {**numbers, "organic_reach_rate": rate}


def post_totals(ledger: Exact) -> Totals:
    """What the rates of a post are made of."""
    row = sql.one(
        SQL["done_with_post"],
        post=ledger.post_id,
        interactions=INTERACTING,
        outside=int(Source.OUTSIDE),
    )
    return Totals(
        reach=ledger.followers.people + ledger.strangers.people,
        impressions=ledger.followers.impressions + ledger.strangers.impressions,
        interactions=int(row[0]) if row else 0,
        followers=_followers(ledger.page_id),
    )


class Hour(msgspec.Struct, frozen=True):
    """An hour of a post: facts of a kind, and members who viewed it for the first time."""

    hour: datetime
    kind: Kind
    facts: int
    reach: int


def hours(*, post_id: int) -> list[Hour]:
    """The hourly series of a post, in the order of time."""
    return [
        Hour(hour, Kind(kind), facts, reach)
        for hour, kind, facts, reach in sql.rows(SQL["hours_of_post"], post=post_id)
    ]


# of a page ----------------------------------------------------------------------------------------


class TopPost(msgspec.Struct, frozen=True):
    """A post and how many it reached first in the window; None: fewer than ten."""

    post_id: int
    reach: int | None
    impressions: int


class Dashboard(msgspec.Struct, frozen=True):
    """A page at a glance: its numbers over windows by their length in days, and its top posts in the longest."""

    page_id: int
    windows: Mapping[int, Mapping[str, Number]]
    followers_reached: Mapping[int, Number]
    top: list[TopPost]


def dashboard(*, page_id: int, last: date, days: tuple[int, ...] = (7, 28, 90), top: int = 10) -> Dashboard:
    """The dashboard of a page for windows that end with a day. Five queries."""
    windows = {length: Window.ending(last, days=length) for length in days}
    longest = windows[max(days)]
    reached = _reach(page_id, windows)
    done = _done(page_id, windows)
    followers = _followers(page_id)
    best = sql.rows(SQL["top_posts"], page=page_id, since=longest.since, until=longest.until, limit=top)
    numbers = {}
    for length, window in windows.items():
        kinds = done[length]
        totals = Totals(
            reached[length][0],
            kinds.get(Kind.IMPRESSION, 0),
            sum(kinds.get(kind, 0) for kind in INTERACTING),
            followers,
        )
        numbers[length] = rates(totals, since=window.since, until=window.until)
    followed = {
        length: _counted("reach", reached[length][1], window.since, window.until)
        for length, window in windows.items()
    }
    posts = [TopPost(id_, None if 0 < reach < FEWEST_SHOWN else reach, seen) for id_, reach, seen in best]
    return Dashboard(page_id, numbers, followed, posts)


def reach(*, page_id: int, window: Window) -> Number:
    """Distinct members whom a page reached in a window."""
    people, _followers_reached = _reach(page_id, {1: window})[1]
    return _counted("reach", people, window.since, window.until)


def _reach(page_id: int, windows: Mapping[int, Window]) -> dict[int, tuple[int, int]]:
    """Members reached in windows with one end, and how many of them were followers.

    Windows that reach to now are a sum of some days; those of the past are counted viewer by viewer.
    """
    firsts = [window.first for window in windows.values()]
    last = next(iter(windows.values())).last
    later = sql.one(SQL["reached_after"], page=page_id, last=last)
    if later and later[0]:
        rows = sql.rows(SQL["reach_of_page"], page=page_id, first=min(firsts), last=last, firsts=firsts)
    else:
        rows = sql.rows(SQL["reach_until_now"], page=page_id, firsts=firsts)
    by_first = {first: (people, followers) for first, people, followers in rows}
    return {length: by_first.get(window.first, (0, 0)) for length, window in windows.items()}


def _done(page_id: int, windows: Mapping[int, Window]) -> dict[int, dict[int, int]]:
    """What members did in windows with one end, by kind."""
    longest = min(windows.values(), key=lambda window: window.first)
    rows = sql.rows(
        SQL["done_with_page"],
        page=page_id,
        since=longest.since,
        until=longest.until,
        outside=int(Source.OUTSIDE),
        firsts=[window.first for window in windows.values()],
    )
    found: dict[int, dict[int, int]] = {length: {} for length in windows}
    for length, window in windows.items():
        found[length] = {kind: count for first, kind, count in rows if first == window.first}
    return found


def _followers(page_id: int) -> int:
    row = sql.one(SQL["followers_of"], page=page_id)
    return int(row[0]) if row else 0
