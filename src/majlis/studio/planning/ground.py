"""What a plan stands on: the page's history and its followers' habits, hours that posts took, what the business said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission, Role
from majlis.core import sql
from majlis.core.ids import lowest_id_at
from majlis.insights import economy
from majlis.insights.breakeven import MONTH_DAYS, Economy, break_even, monthly_result
from majlis.insights.kinds import FEWEST_SHOWN
from majlis.insights.methods.expectation import Outcome
from majlis.insights.reports.audience import OUTSIDE, UNKNOWN, UNMEASURED, audience
from majlis.insights.windows import last_days
from majlis.studio.customers import addressing
from majlis.studio.money import terms as books
from majlis.studio.planning import interview, planner
from majlis.studio.planning.forecasts import Seer, seer
from majlis.studio.planning.planner import Group, Knowledge, Proposal, RivalPost, RivalPosts, Tell
from majlis.studio.planning.reasons import Reason
from majlis.studio.planning.tables import SQL
from majlis.studio.rivals import naming
from majlis.studio.rivals.naming import Rival

ASSUMED_HOURS: Final = 1.0
"""An hour for a post, until somebody's hours were measured on five of them."""
_FEWEST_POSTS: Final = 5
_HABITS_DAYS: Final = 90
_HOURS_WINDOW: Final = timedelta(days=91)
_USUAL_LENGTH: Final = 200
_RIVALS_WINDOW: Final = timedelta(weeks=13)
_MOST_OF_RIVAL: Final = 400
_DAYS: Final = 7 * planner.WEEKS


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan was made from and comes to. ``part``, ``kind``: the most of it; ``low``, ``middle``, ``high``: a usual
    post of it; ``posts``: of the page's own that it stands on; ``hours_measured``: posts whose hours are known; ``names``:
    the rivals whose pace it has; ``said``: what became of what was tried and of the rivals."""

    total: int
    bound: str
    hours_week: float
    hours_post: float
    hours_measured: int
    goal: str
    kind: str = ""
    part: int = 9
    low: int = 0
    middle: int = 0
    high: int = 0
    followers: int = 0
    basis: str = "borrowed"
    posts: int = 0
    lender: str = ""
    lenders: int = 0
    names: tuple[str, ...] = ()
    said: tuple[Reason, ...] = ()


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """What four weeks of a plan cost and when they pay, told as of a month of 30 days. ``followers``: with whom a month
    does not lose (None: no number would do, or something is ``missing``); ``result``: what it brings with those
    there are."""

    currency: str
    hours: float
    cost: float | None
    followers: int | None
    result: float | None
    missing: tuple[str, ...]


def knowledge(team: OnTeam, *, at: datetime) -> tuple[Knowledge, Seer]:
    """All that a plan is made from. Eight queries."""
    answers = interview.of_page(team.page_id).answers
    known = seer(page_id=team.page_id, at=at)
    _learned, lent, _factor = known.knows(Outcome.REACH)
    hours, measured = hours_of_post(team, at=at)
    looked = audience(team, window=last_days(_HABITS_DAYS, at=at, zone=team.time_zone))
    zone, named = ZoneInfo(team.time_zone), naming.rivals(team)
    until = at + timedelta(days=_DAYS + 2)
    rows = sql.column(SQL["already_planned"], page=team.page_id, since=at, until=until)
    lines = sql.rows(SQL["lines"], page=team.page_id, since=at, until=until)
    dropped = {
        (wall.isoweekday(), wall.hour) for wall in (row[1].astimezone(zone) for row in lines if row[4])
    }
    return Knowledge(
        today=at.astimezone(zone).date(), posts=known.found.posts, hours_week=float(answers.hours_week or 0),
        hours_post=hours, hours_measured=measured, goal=answers.goal,
        habits={(slot.weekday, slot.hour): slot.served for slot in looked.slots if slot.served != 0},
        block=looked.slot_hours, languages=_languages(looked.languages),
        planned=tuple(moment.astimezone(zone).replace(tzinfo=None) for moment in rows), dropped=frozenset(dropped),
        lender=lent.name if lent else "", lenders=lent.pages if lent else 0,
        tried=interview.went_of(answers.tried), crowds=answers.crowds, read=answers.read, rivals=rivals(named, team, at=at),
        unread=_unread(named, answers.rivals), group=_group(team),
    ), known  # fmt: skip


def rivals(named: Sequence[Rival], team: OnTeam, *, at: datetime) -> tuple[RivalPosts, ...]:
    """What those of them who have a profile here published for everybody, in thirteen weeks until three days ago: what is
    newer has not had its reactions. One query."""
    here = [each for each in named if each.profile_id]
    if not here:
        return ()
    since, until = at - _RIVALS_WINDOW, at - timedelta(days=3)
    rows = sql.rows(
        naming.SQL["published_posts"], profiles=[each.profile_id for each in here], since=since, until=until,
        first=lowest_id_at(since), viewer=None, limit=_MOST_OF_RIVAL,
    )  # fmt: skip
    zone = ZoneInfo(team.time_zone)
    posts: dict[int, list[RivalPost]] = {}
    for profile, made_at, kind, done, followers in rows:
        wall = made_at.astimezone(zone).replace(tzinfo=None)
        posts.setdefault(profile, []).append(RivalPost(wall, kind, int(done), followers))
    return tuple(RivalPosts(each.name, tuple(posts.get(each.profile_id or 0, ()))) for each in here)


def _unread(named: Sequence[Rival], answered: Sequence[str]) -> tuple[str, ...]:
    """Those of whom nothing is published here: named by a word alone, or no account of this server."""
    known = {each.name.casefold() for each in named} | {f"@{each.handle}".casefold() for each in named}
    bare = [each.name for each in named if not each.profile_id]
    return tuple(dict.fromkeys([*bare, *(name for name in answered if name.casefold() not in known)]))


def _group(team: OnTeam) -> Group | None:
    """The largest group of customers that can be written to, if it is no handful."""
    found = [
        Group(circle, name, addressing.told(members))
        for circle, name, members in sql.rows(SQL["groups"], page=team.page_id)
    ]
    return max(
        (each for each in found if each.reaches >= FEWEST_SHOWN), key=lambda each: each.reaches, default=None
    )


def hours_of_post(team: OnTeam, *, at: datetime) -> tuple[float, int]:
    """Hours that a post took on average, to a quarter, and of how many that is known; below five it is assumed."""
    seconds, posts = sql.one(SQL["hours_of_posts"], page=team.page_id, since=at - _HOURS_WINDOW) or (0, 0)
    if posts < _FEWEST_POSTS:
        return ASSUMED_HOURS, 0
    return max(0.25, round(4 * seconds / posts / 3600) / 4), int(posts)


def teller(team: OnTeam, known: Seer, knows: Knowledge) -> Tell:
    """What the planner asks: the range of a post at a time on the wall, a usual while after the one before."""
    zone = ZoneInfo(team.time_zone)
    total = max(1, planner.how_often(knows).total)
    gap = timedelta(days=_DAYS / total)
    lengths = sorted(post.length for post in knows.posts)
    length = lengths[len(lengths) // 2] if lengths else _USUAL_LENGTH
    told: dict[tuple[datetime, str], tuple[int, int, int]] = {}

    def tell(moment: datetime, kind: str) -> tuple[int, int, int]:
        if (moment, kind) not in told:
            at = moment.replace(tzinfo=zone)
            said = known.expect(Outcome.REACH, at=at, kind=kind, length=length, gap=gap)
            told[moment, kind] = said.low, said.middle, said.high
        return told[moment, kind]

    return tell


def ground(knows: Knowledge, known: Seer, proposals: Sequence[Proposal]) -> Ground:
    """What the plan comes to."""
    often = planner.how_often(knows)
    learned, lent, _factor = known.knows(Outcome.REACH)
    usual = sorted((each for each in proposals if not each.trial), key=lambda each: each.middle)
    middle = usual[len(usual) // 2] if usual else None
    kinds = Counter(each.kind for each in usual)
    parts = Counter(planner.part_of(each.at.hour) for each in usual)
    return Ground(
        total=often.total, bound=often.bound, hours_week=knows.hours_week, hours_post=knows.hours_post,
        hours_measured=knows.hours_measured, goal=knows.goal,
        kind=kinds.most_common(1)[0][0] if kinds else "", part=parts.most_common(1)[0][0] if parts else 9,
        low=middle.low if middle else 0, middle=middle.middle if middle else 0, high=middle.high if middle else 0,
        followers=known.followers, basis="own" if lent is None else "mixed" if learned.known else "borrowed",
        posts=learned.known, lender=lent.name if lent else "", lenders=lent.pages if lent else 0,
        names=tuple(planner.pacing(knows)), said=tuple(planner.standing(knows)),
    )  # fmt: skip


def money(team: OnTeam, found: Ground, *, at: datetime) -> Money:
    """The formula of METRICS for break-even followers, with this plan's posts and expected reach.

    Raises:
        NotAllowed: her role does not see the money.
    """
    team.require(Permission.MONEY)
    answers = interview.of_page(team.page_id).answers
    terms = books.terms(team.page_id)
    day = at.astimezone(ZoneInfo(team.time_zone)).date()
    rates = [rate for role in (Role.EDITOR, Role.OWNER) if (rate := terms.hour(role, day)) is not None]
    weeks = economy.last_weeks(page_id=team.page_id, at=at)
    share = answers.margin if answers.margin is not None else terms.margin(day)
    month = MONTH_DAYS / _DAYS
    hours = found.total * found.hours_post * month
    cost = float(rates[0]) * hours if rates else None
    known = {
        "hour": cost, "price": _float(answers.price), "margin": _float(share), "clicks": weeks.click_rate,
        "orders": weeks.conversion_rate, "followers": found.followers or None,
        "currency": None if answers.price is not None and answers.currency != terms.currency else 0.0,
    }  # fmt: skip
    missing = tuple(name for name, value in known.items() if value is None)
    if missing:
        return Money(
            currency=terms.currency, hours=hours, cost=cost, followers=None, result=None, missing=missing
        )
    made = Economy(
        cost=cost or 0.0, posts=found.total * month, reach_rate=min(1.0, found.middle / found.followers),
        click_rate=weeks.click_rate or 0.0, conversion_rate=weeks.conversion_rate or 0.0,
        margin=float((answers.price or Decimal(0)) * (share or Decimal(0))),
    )  # fmt: skip
    return Money(
        currency=terms.currency, hours=hours, cost=cost, followers=break_even(made),
        result=monthly_result(made, followers=found.followers), missing=(),
    )  # fmt: skip


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _languages(counted: Sequence[tuple[str, int | None]]) -> tuple[tuple[str, float], ...]:
    """Shares of followers whose language is told; groups under ten are in none."""
    told = {code: many for code, many in counted if many and code not in (OUTSIDE, UNKNOWN, UNMEASURED, "")}
    whole = sum(told.values())
    return tuple((code, many / whole) for code, many in told.items()) if whole else ()
