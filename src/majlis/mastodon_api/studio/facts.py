"""What is known of a page's posts and audience: figures, ledgers, series, the funnel, what if."""

from __future__ import annotations

from typing import Annotated

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.insights import economy
from majlis.insights.breakeven import Economy, break_even, monthly_result
from majlis.insights.kinds import State
from majlis.insights.ledger import Ledger as LedgerView
from majlis.insights.reports import audience, growth, overview, post, posts
from majlis.insights.reports.measures import FOLLOWERS_THEN, MEMBERS
from majlis.insights.reports.posts import Order, PostReport
from majlis.insights.windows import Window as WindowView
from majlis.insights.windows import midnight
from majlis.mastodon_api.described import Key, Moment
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.figure import (
    Figure,
    Series,
    Window,
    figure,
    point,
    series,
    stretch,
    window,
)
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.mastodon_api.studio.windows import Days, asked
from majlis.people import queries as people
from majlis.studio.results.funnel import results


class PostsWindow(Days, frozen=True, kw_only=True):
    """Posts of a window, sorted."""

    order: Order = Order.NEWEST


class LedgerLine(msgspec.Struct, frozen=True):
    """How many followers are in a state; null: these are among ``merged``."""

    state: str
    count: int | None
    hidden: bool


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """Every follower that a post was for, in exactly one state: the lines and ``merged`` sum to ``eligible``.
    Groups of one to nine have no count of their own."""

    window: Window
    population: str
    grade: str
    formula: str
    eligible: int | None
    lines: list[LedgerLine]
    merged: int | None
    hidden: bool


class PostFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A post and its figures."""

    id: Key
    title: str
    text: str
    created_at: Moment
    seen: Figure
    seen_rate: Figure
    organic_reach_rate: Figure
    engagement_rate: Figure


class OnePost(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of a post. ``hours``: who saw it for the first time, in steps of some hours; ``sources``:
    where."""

    id: Key
    title: str
    text: str
    created_at: Moment
    ledger: Ledger
    figures: dict[str, Figure]
    step_hours: int
    hours: Series
    sources: Series


class PageFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A page's figures in a window: reach, interactions, growth."""

    window: Window
    reach: list[Figure]
    growth: dict[str, Figure]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A day, or the days from it on."""

    since: Moment
    followers: int
    begun: int | None
    ended: int | None
    hidden: bool


class AudienceFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Followers: how many, since when, in which languages, when their feeds are opened (by ``weekday hour``)."""

    followers: Figure
    change: Figure
    begun: Figure
    ended: Figure
    step_days: int
    steps: list[Step]
    languages: Series
    slot_hours: int
    slots: Series


class FunnelStep(msgspec.Struct, frozen=True):
    """A step of the funnel."""

    step: str
    figure: Figure


class Funnel(msgspec.Struct, frozen=True):
    """From the widest step to the narrowest."""

    steps: list[FunnelStep]


Rate = Annotated[float, Meta(ge=0, le=1)]
Amount = Annotated[float, Meta(ge=0, le=1e12)]


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """A month, and the reach rate to throttle to. Rates are of one. What is not sent is as in the last 28 days,
    where that is known; ``followers``: those there are."""

    followers: Annotated[int, Meta(ge=0, le=10**12)] | None = None
    cost: Amount
    margin: Amount
    throttled: Rate = 0.12
    posts: Amount | None = None
    reach_rate: Rate | None = None
    click_rate: Rate | None = None
    conversion_rate: Rate | None = None


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """``followers`` with whom a month does not lose (null: no number would do), and what it brings."""

    reach_rate: float
    followers: int | None
    result: float


class WhatIfAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """With today's reach and with the throttled one; null where a number is neither sent nor known yet."""

    window: Window
    population: str
    grade: str
    formula: str
    missing: list[str]
    today: Month | None
    throttled: Month | None


def _post(view: PostReport) -> PostFigures:
    return PostFigures(
        id=str(view.id), title=view.title, text=view.text, created_at=moment(view.appeared_at),
        seen=figure(view.seen), seen_rate=figure(view.seen_rate),
        organic_reach_rate=figure(view.organic_reach_rate), engagement_rate=figure(view.engagement_rate),
    )  # fmt: skip


def _ledger(view: LedgerView, until: WindowView) -> Ledger:
    return Ledger(
        window=window(until), population=str(FOLLOWERS_THEN), grade="exact",
        formula=str(_("Each follower it was for, in the strongest state that is true.")),
        eligible=view.eligible, merged=view.merged, hidden=view.eligible is None,
        lines=[LedgerLine(State(each.state).name.lower(), each.count, each.count is None) for each in view.lines],
    )  # fmt: skip


@team(
    Permission.MEASURE,
    says=_("Posts of a window with their figures"),
    takes=PostsWindow,
    gives=list[PostFigures],
)
def index(call: Call, team: OnTeam, sent: PostsWindow) -> list[PostFigures]:
    return [_post(each) for each in posts.posts(team, window=asked(call, team, sent), order=sent.order)]


@team(
    Permission.MEASURE,
    says=_("All that is known of a post: its ledger, its hours, where it was seen"),
    gives=OnePost,
)
def one(call: Call, team: OnTeam, post_id: int) -> OnePost:
    view = post.post(team, post_id=post_id, at=call.at)
    until = WindowView(view.appeared_at, call.at)
    return OnePost(
        id=str(view.id), title=view.title, text=view.text, created_at=moment(view.appeared_at),
        ledger=_ledger(view.ledger, until), figures={name: figure(each) for name, each in view.figures.items()},
        step_hours=view.step_hours,
        hours=series(
            (point(moment(each.since), each.reached, stretch(each.since, each.until)) for each in view.steps),
            name=_("Reached for the first time"), within=until, population=MEMBERS,
            formula=_("Distinct members whose first impression of the post was in these hours."),
        ),
        sources=series(
            (point(each.source.name.lower(), each.reached) for each in view.sources),
            name=_("Reached there first"), within=until, population=MEMBERS,
            formula=_("Distinct members by where their first impression of the post was."),
        ),
    )  # fmt: skip


@team(Permission.MEASURE, says=_("The reach ledger of a post: each follower in one state"), gives=Ledger)
def ledger(call: Call, team: OnTeam, post_id: int) -> Ledger:
    view = post.post(team, post_id=post_id, at=call.at)
    return _ledger(view.ledger, WindowView(view.appeared_at, call.at))


@team(
    Permission.MEASURE,
    says=_("The page's figures in a window: reach, interactions, growth"),
    takes=Days,
    gives=PageFigures,
)
def figures(call: Call, team: OnTeam, sent: Days) -> PageFigures:
    within = asked(call, team, sent)
    grown = growth.growth(team, window=within)
    found = overview.overview(team, window=within)
    return PageFigures(
        window=window(within),
        reach=[figure(getattr(found, name)) for name in found.__struct_fields__],
        growth={
            name: figure(getattr(grown, name)) for name in ("followers", "change", "rate", "begun", "ended")
        },
    )


@team(
    Permission.MEASURE,
    says=_("The followers: how many, since when, in which languages, at which hours"),
    takes=Days,
    gives=AudienceFigures,
)
def show_audience(call: Call, team: OnTeam, sent: Days) -> AudienceFigures:
    within = asked(call, team, sent)
    view = audience.audience(team, window=within)
    return AudienceFigures(
        followers=figure(view.followers), change=figure(view.change), begun=figure(view.begun), ended=figure(view.ended),
        step_days=view.step_days,
        steps=[
            Step(
                since=moment(midnight(each.day, zone=team.time_zone)), followers=each.followers, begun=each.begun,
                ended=each.ended, hidden=each.begun is None,
            )
            for each in view.steps
        ],
        languages=series(
            (point(code, count) for code, count in view.languages), name=_("Followers by language"), within=within,
            population=_("Followers of the page, here and on other servers"),
            formula=_("Followers by the language they write in first."),
        ),
        slot_hours=view.slot_hours,
        slots=series(
            (point(f"{each.weekday} {each.hour}", each.served) for each in view.slots), name=_("Feeds opened"),
            within=within, population=MEMBERS,
            formula=_("Times a feed with a post of the page was opened, by hour of the week in the page's zone."),
        ),
    )  # fmt: skip


@team(
    Permission.MEASURE,
    says=_("The funnel: served, viewed, followed a link, ordered"),
    takes=Days,
    gives=Funnel,
)
def funnel(call: Call, team: OnTeam, sent: Days) -> Funnel:
    found = results(team, window=asked(call, team, sent))
    return Funnel([FunnelStep(step, figure(each)) for step, each in found.funnel])


@team(
    Permission.MEASURE,
    says=_("What if reach were throttled: followers to break even, and the month"),
    takes=WhatIf,
    gives=WhatIfAnswer,
)
def what_if(call: Call, team: OnTeam, sent: WhatIf) -> WhatIfAnswer:
    weeks = economy.last_weeks(page_id=team.page_id, at=call.at)
    profile = people.profile(team.page_id)
    followers = sent.followers if sent.followers is not None else profile.followers if profile else 0
    known = {
        name: getattr(weeks, name) if getattr(sent, name) is None else getattr(sent, name)
        for name in ("posts", "reach_rate", "click_rate", "conversion_rate")
    }
    missing = [name for name, value in known.items() if value is None]
    today = throttled = None
    if not set(missing) - {"reach_rate"}:
        month = Economy(
            cost=sent.cost, margin=sent.margin, **{**known, "reach_rate": known["reach_rate"] or 0.0}
        )
        throttled = _month(month.with_reach(sent.throttled), followers)
        today = _month(month, followers) if not missing else None
    return WhatIfAnswer(
        window=Window(moment(weeks.since), moment(weeks.until)), population=str(MEMBERS), grade="exact",
        formula=str(_("What a month costs ÷ (posts × reach rate × click rate × conversion rate × margin of an order)")),
        missing=missing, today=today, throttled=throttled,
    )  # fmt: skip


def _month(month: Economy, followers: int) -> Month:
    return Month(
        reach_rate=month.reach_rate, followers=break_even(month),
        result=round(monthly_result(month, followers=followers), 2),
    )  # fmt: skip


_PAGE = "api/v1/studio/<page_id>"
urls = [
    route(f"{_PAGE}/posts", GET=index),
    route(f"{_PAGE}/posts/<post_id>", GET=one),
    route(f"{_PAGE}/posts/<post_id>/ledger", GET=ledger),
    route(f"{_PAGE}/figures", GET=figures),
    route(f"{_PAGE}/audience", GET=show_audience),
    route(f"{_PAGE}/funnel", GET=funnel),
    route(f"{_PAGE}/what_if", GET=what_if),
]
