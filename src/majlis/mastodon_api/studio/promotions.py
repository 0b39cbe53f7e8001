"""Promotions: made, paused, stopped; what they reached and cost; the account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.insights import figures
from majlis.insights.windows import Window
from majlis.mastodon_api.described import Id, Key, Moment, When
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.figure import Figure, figure
from majlis.mastodon_api.request import Answer, Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.studio.actions.campaigns import not_there
from majlis.studio.promotion import account, actions, audience, money, queries
from majlis.studio.promotion.audience import Audience
from majlis.studio.queries import campaigns

_SHOWN = _("People of this house to whom the promotion was shown in our own web client")


class Promotion(msgspec.Struct, frozen=True, kw_only=True):
    """A promotion. Money is in ``currency``, the house's; ``bid`` is the most that one impression may cost, ``cap``
    the most impressions of one person."""

    id: Key
    post_id: Key
    campaign_id: Key | None
    state: str
    audience: Audience
    currency: str
    budget: Decimal
    bid: Decimal
    spent: Decimal
    left: Decimal
    cap: int
    starts_at: Moment
    ends_at: Moment
    created_at: Moment
    made_by: str | None
    impressions: Figure
    people: Figure


class PromotionDay(msgspec.Struct, frozen=True):
    """What a promotion was paid for on a day (UTC)."""

    day: date
    impressions: int
    amount: Decimal


class AudienceFields(msgspec.Struct, frozen=True, kw_only=True):
    """For whom: everyone, followers or not_followers; writing one of some languages, following one of some tags."""

    who: str = "everyone"
    languages: list[str] = []
    tags: list[str] = []
    group_id: Id | None = None


class PromotionFields(AudienceFields, frozen=True, kw_only=True):
    """A promotion to be made."""

    post_id: Id
    budget: Decimal
    bid: Decimal
    cap: Annotated[int, Meta(ge=1, le=actions.MOST_CAP)] = 3
    starts_at: When | None = None
    ends_at: When
    campaign_id: Id | None = None


class PossibleReach(msgspec.Struct, frozen=True):
    """About how many people of this house can see it: two digits of the number; null and hidden under ten."""

    people: int | None
    hidden: bool


class Balance(msgspec.Struct, frozen=True):
    """What the page has left, and the least that an impression costs."""

    balance: Decimal
    currency: str
    floor: Decimal


class AccountLine(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator put in or took back; or, of a day, what a promotion cost."""

    at: Moment
    amount: Decimal
    impressions: int
    promotion_id: Key | None
    note: str


def _promotion(view: queries.Promotion, call: Call) -> Promotion:
    window = Window(view.starts_at, max(view.starts_at, min(call.at, view.ends_at)))
    return Promotion(
        id=str(view.id),
        post_id=str(view.post_id),
        campaign_id=str(view.campaign_id) if view.campaign_id else None,
        state=view.state(at=call.at),
        audience=view.audience,
        currency=money.currency(),
        budget=view.budget,
        bid=view.bid,
        spent=view.spent,
        left=view.left,
        cap=view.cap,
        starts_at=moment(view.starts_at),
        ends_at=moment(view.ends_at),
        created_at=moment(view.made_at),
        made_by=view.made_by,
        impressions=_figure(
            view.impressions,
            _("Paid impressions"),
            _("Impressions that were charged."),
            window,
            of_people=False,
        ),
        people=_figure(
            view.people, _("People reached"), _("Distinct people with a paid impression."), window
        ),
    )


def _figure(
    number: int | None, name: figures.Words, formula: figures.Words, window: Window, *, of_people: bool = True
) -> Figure:
    made = figures.count(
        number, name=name, window=window, population=_SHOWN, formula=formula, of_people=of_people
    )
    return figure(made)


@team(Permission.MEASURE, says=_("Promotions, the newest first"), gives=list[Promotion], paged=True)
def index(call: Call, team: OnTeam) -> Answer:
    found = queries.promotions(page_id=team.page_id, page=call.page())
    return call.listed(found, [_promotion(each, call) for each in found.items])


@team(Permission.MEASURE, says=_("A promotion"), gives=Promotion)
def show(call: Call, team: OnTeam, promotion_id: int) -> Promotion:
    return _promotion(queries.promotion(page_id=team.page_id, promotion_id=promotion_id), call)


@team(Permission.MEASURE, says=_("What a promotion was paid for, day by day"), gives=list[PromotionDay])
def days(call: Call, team: OnTeam, promotion_id: int) -> list[PromotionDay]:
    queries.promotion(page_id=team.page_id, promotion_id=promotion_id)
    return [
        PromotionDay(each.day, each.impressions, each.amount)
        for each in queries.days(promotion_id=promotion_id)
    ]


def _audience(sent: AudienceFields) -> Audience:
    return audience.audience(
        who=sent.who, languages=sent.languages, tags=" ".join(sent.tags), segment=int(sent.group_id or 0)
    )


@team(
    Permission.PROMOTE,
    says=_("About how many people can see a promotion"),
    takes=AudienceFields,
    gives=PossibleReach,
)
def reach(call: Call, team: OnTeam, sent: AudienceFields) -> PossibleReach:
    people = audience.reach(page_id=team.page_id, audience=_audience(sent))
    return PossibleReach(audience.about(people) or None, 0 < people < audience.FEWEST)


@team(
    Permission.PROMOTE,
    writes=True,
    says=_("Promote a post"),
    takes=PromotionFields,
    gives=Promotion,
    once=True,
)
def create(call: Call, team: OnTeam, sent: PromotionFields) -> Promotion:
    plan = actions.Plan(
        post_id=int(sent.post_id),
        audience=_audience(sent),
        budget=money.amount(str(sent.budget), field="budget"),
        bid=money.amount(str(sent.bid), field="bid"),
        cap=sent.cap,
        starts_at=sent.starts_at or call.at,
        ends_at=sent.ends_at,
        campaign_id=None if sent.campaign_id is None else int(sent.campaign_id),
    )
    made = actions.make(team=team, plan=plan, at=call.at)
    return _promotion(queries.promotion(page_id=team.page_id, promotion_id=made), call)


@team(Permission.PROMOTE, writes=True, says=_("Pause a promotion"), gives=Promotion)
def pause(call: Call, team: OnTeam, promotion_id: int) -> Promotion:
    actions.pause(team=team, promotion_id=promotion_id, at=call.at)
    return _promotion(queries.promotion(page_id=team.page_id, promotion_id=promotion_id), call)


@team(Permission.PROMOTE, writes=True, says=_("Let a promotion go on"), gives=Promotion)
def resume(call: Call, team: OnTeam, promotion_id: int) -> Promotion:
    actions.resume(team=team, promotion_id=promotion_id, at=call.at)
    return _promotion(queries.promotion(page_id=team.page_id, promotion_id=promotion_id), call)


@team(Permission.PROMOTE, writes=True, says=_("Stop a promotion for good"), gives=Promotion)
def stop(call: Call, team: OnTeam, promotion_id: int) -> Promotion:
    actions.stop(team=team, promotion_id=promotion_id, at=call.at)
    return _promotion(queries.promotion(page_id=team.page_id, promotion_id=promotion_id), call)


@team(Permission.MEASURE, says=_("What the page has left to spend"), gives=Balance)
def balance(call: Call, team: OnTeam) -> Balance:
    return Balance(account.balance(page_id=team.page_id), money.currency(), money.floor())


@team(Permission.MEASURE, says=_("The account, line by line"), gives=list[AccountLine], paged=True)
def lines(call: Call, team: OnTeam) -> Answer:
    found = account.lines(page_id=team.page_id, page=call.page())
    shown = [
        AccountLine(
            at=moment(each.at), amount=each.amount, impressions=each.impressions,
            promotion_id=str(each.promotion_id) if each.promotion_id else None, note=each.note,
        )
        for each in found.items
    ]  # fmt: skip
    return call.listed(found, shown)


@team(
    Permission.MEASURE,
    says=_("The promotions of a campaign, the newest first"),
    gives=list[Promotion],
    paged=True,
)
def of_campaign(call: Call, team: OnTeam, campaign_id: int) -> Answer:
    if not campaigns(team=team, campaign_id=campaign_id):
        raise not_there()
    found = queries.of_campaign(page_id=team.page_id, campaign_id=campaign_id, page=call.page())
    return call.listed(found, [_promotion(each, call) for each in found.items])


_ONE = "api/v1/studio/<page_id>/promotions/<promotion_id>"
urls = [
    route("api/v1/studio/<page_id>/promotions", GET=index, POST=create),
    route("api/v1/studio/<page_id>/promotions/reach", GET=reach),
    route(_ONE, GET=show),
    route(f"{_ONE}/days", GET=days),
    route(f"{_ONE}/pause", POST=pause),
    route(f"{_ONE}/resume", POST=resume),
    route(f"{_ONE}/stop", POST=stop),
    route("api/v1/studio/<page_id>/campaigns/<campaign_id>/promotions", GET=of_campaign),
    route("api/v1/studio/<page_id>/balance", GET=balance),
    route("api/v1/studio/<page_id>/balance/lines", GET=lines),
]
