"""Campaigns: posts, links and money that belong together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.mastodon_api.described import Key, Moment
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.entry import PlanEntry, entries
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.studio import actions, queries
from majlis.studio.actions.campaigns import not_there


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign, with how many posts are planned and published, and how many links it has."""

    id: Key
    name: str
    goal: str
    target: Decimal | None
    audience: str
    starts_on: date
    ends_on: date
    budget: Decimal
    currency: str
    hours_planned: Decimal
    notes: str
    closed_at: Moment | None
    planned: int
    published: int
    links: int


@team(Permission.READ, says=_("Campaigns, those that run first"), gives=list[Campaign])
def index(call: Call, team: OnTeam) -> list[Campaign]:
    return [_campaign(each) for each in queries.campaigns(team=team)]


def _campaign(view: queries.Campaign) -> Campaign:
    values = msgspec.structs.asdict(view)
    values["id"] = str(view.id)
    values["closed_at"] = moment(view.closed_at) if view.closed_at else None
    return Campaign(**values)


def _one(team: OnTeam, campaign_id: int) -> Campaign:
    found = queries.campaigns(team=team, campaign_id=campaign_id)
    if not found:
        raise not_there()
    return _campaign(found[0])


@team(Permission.READ, says=_("A campaign"), gives=Campaign)
def show(call: Call, team: OnTeam, campaign_id: int) -> Campaign:
    return _one(team, campaign_id)


@team(Permission.READ, says=_("The posts of a campaign"), gives=list[PlanEntry])
def posts(call: Call, team: OnTeam, campaign_id: int) -> list[PlanEntry]:
    _one(team, campaign_id)
    return entries(queries.of_campaign(team=team, campaign_id=campaign_id), team)


@team(Permission.WRITE, writes=True, says=_("A new campaign"), takes=actions.Terms, gives=Campaign, once=True)
def create(call: Call, team: OnTeam, sent: actions.Terms) -> Campaign:
    return _one(team, actions.make_campaign(team=team, terms=sent, at=call.at))


@team(Permission.WRITE, writes=True, says=_("Change a campaign"), takes=actions.Terms, gives=Campaign)
def change(call: Call, team: OnTeam, sent: actions.Terms, campaign_id: int) -> Campaign:
    actions.change_campaign(team=team, campaign_id=campaign_id, terms=sent, at=call.at)
    return _one(team, campaign_id)


@team(Permission.WRITE, writes=True, says=_("A campaign is over"), gives=Campaign)
def close(call: Call, team: OnTeam, campaign_id: int) -> Campaign:
    actions.close_campaign(team=team, campaign_id=campaign_id, at=call.at)
    return _one(team, campaign_id)


@team(Permission.WRITE, writes=True, says=_("A campaign goes on after all"), gives=Campaign)
def reopen(call: Call, team: OnTeam, campaign_id: int) -> Campaign:
    actions.reopen_campaign(team=team, campaign_id=campaign_id, at=call.at)
    return _one(team, campaign_id)


_ONE = "api/v1/studio/<page_id>/campaigns/<campaign_id>"
urls = [
    route("api/v1/studio/<page_id>/campaigns", GET=index, POST=create),
    route(_ONE, GET=show, PUT=change),
    route(f"{_ONE}/entries", GET=posts),
    route(f"{_ONE}/close", POST=close),
    route(f"{_ONE}/reopen", POST=reopen),
]
