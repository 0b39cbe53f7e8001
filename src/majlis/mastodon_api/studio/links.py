"""Tracked links: made, changed, retired; what came of them."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.paging import Page
from majlis.insights.ledger import at_least_ten
from majlis.insights.windows import midnight
from majlis.mastodon_api.described import NOTHING, Id, Key, Moment
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.figure import Figure, Series, figure, point, series, stretch
from majlis.mastodon_api.request import Answer, Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.mastodon_api.studio.windows import Days, asked
from majlis.studio.links import actions, queries
from majlis.studio.links.actions import OwnLink, Utm
from majlis.studio.results.funnel import LinkResult, results


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A tracked link. ``url`` is given out; it leads to ``target``."""

    id: Key
    url: str
    target: str
    label: str
    utm: Utm
    campaign_id: Key | None
    entry_id: Key | None
    post_id: Key | None
    created_at: Moment
    retired_at: Moment | None


class LinkFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A link and what came of its clicks in a window."""

    id: Key
    url: str
    label: str
    target: str
    post_id: Key | None
    clicks: Figure
    orders: Figure
    conversion_rate: Figure
    revenue: list[Figure]


class LinkFields(msgspec.Struct, frozen=True, kw_only=True):
    """Where a link leads."""

    target: str
    label: str = ""
    utm: Utm = Utm()


class NewLink(LinkFields, frozen=True, kw_only=True):
    """Where it leads, and to which entry it belongs."""

    entry_id: Id | None = None


def link(view: OwnLink) -> Link:
    """A link as its team sees it."""
    return Link(
        id=str(view.id), url=view.url, target=view.target, label=view.label, utm=view.utm,
        campaign_id=_key(view.campaign_id), entry_id=_key(view.entry_id), post_id=_key(view.post_id),
        created_at=moment(view.made_at), retired_at=moment(view.retired_at) if view.retired_at else None,
    )  # fmt: skip


def link_figures(view: LinkResult) -> LinkFigures:
    """What came of a link."""
    return LinkFigures(
        id=str(view.id), url=view.url, label=view.label, target=view.target, post_id=_key(view.post_id),
        clicks=figure(view.clicks), orders=figure(view.orders), conversion_rate=figure(view.conversion_rate),
        revenue=[figure(each) for each in view.revenue],
    )  # fmt: skip


def _key(id_: int | None) -> str | None:
    return None if id_ is None else str(id_)


@team(Permission.MEASURE, says=_("Tracked links, the newest first"), gives=list[Link], paged=True)
def index(call: Call, team: OnTeam) -> Answer:
    asked_for = call.page()
    found = queries.links(team, before=asked_for.max_id, limit=asked_for.limit)
    page = Page(max_id=asked_for.max_id, limit=asked_for.limit).slice_of((each.id, each) for each in found)
    return call.listed(page, [link(each) for each in page.items])


@team(Permission.MEASURE, says=_("What came of the links in a window"), takes=Days, gives=list[LinkFigures])
def measured(call: Call, team: OnTeam, sent: Days) -> list[LinkFigures]:
    return [link_figures(each) for each in results(team, window=asked(call, team, sent)).links]


@team(Permission.MEASURE, says=_("A tracked link"), gives=Link)
def show(call: Call, team: OnTeam, link_id: int) -> Link:
    return link(queries.link(team, link_id=link_id))


@team(Permission.MEASURE, says=_("Clicks of a link, day by day"), takes=Days, gives=Series)
def clicks(call: Call, team: OnTeam, sent: Days, link_id: int) -> Series:
    queries.link(team, link_id=link_id)
    window = asked(call, team, sent)
    assert window.since is not None  # noqa: S101  # a window of days has a beginning
    found = queries.clicks_by_day(team, link_id=link_id, since=window.since, until=window.until)
    days = [
        (
            day,
            count,
            midnight(day, zone=team.time_zone),
            midnight(day + timedelta(days=1), zone=team.time_zone),
        )
        for day, count in found
    ]
    return series(
        (
            point(day.isoformat(), at_least_ten(count), stretch(begin, end)) for day, count, begin, end in days
        ),
        name=_("Clicks"), within=window, formula=_("Times the link was followed."),
        population=_("Everybody who followed the link, members or not; programs left out"),
    )  # fmt: skip


@team(Permission.TRACK, writes=True, says=_("A new tracked link"), takes=NewLink, gives=Link, once=True)
def create(call: Call, team: OnTeam, sent: NewLink) -> Link:
    if sent.entry_id is not None:
        actions.require_entry(team, int(sent.entry_id))
    made = actions.make_link(
        team, target=sent.target, at=call.at, label=sent.label, utm=sent.utm,
        entry_id=None if sent.entry_id is None else int(sent.entry_id),
    )  # fmt: skip
    return link(made)


@team(
    Permission.TRACK, writes=True, says=_("Another address under the same link"), takes=LinkFields, gives=Link
)
def change(call: Call, team: OnTeam, sent: LinkFields, link_id: int) -> Link:
    return link(
        actions.change_link(
            team, link_id=link_id, target=sent.target, at=call.at, label=sent.label, utm=sent.utm
        )
    )


@team(Permission.TRACK, writes=True, says=_("End a link; its clicks stay counted"))
def retire(call: Call, team: OnTeam, link_id: int) -> object:
    actions.retire_link(team, link_id=link_id, at=call.at)
    return NOTHING


urls = [
    route("api/v1/studio/<page_id>/links", GET=index, POST=create),
    route("api/v1/studio/<page_id>/links/figures", GET=measured),
    route("api/v1/studio/<page_id>/links/<link_id>", GET=show, PUT=change, DELETE=retire),
    route("api/v1/studio/<page_id>/links/<link_id>/clicks", GET=clicks),
]
