"""Goals, promo codes and shops: what a business wants to happen on its own site, and who tells of it."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.insights import figures
from majlis.insights.figures import Grade, Unit
from majlis.insights.windows import Window
from majlis.mastodon_api.described import NOTHING, Key, Moment, When
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.figure import Figure, figure
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.mastodon_api.studio.team import Made
from majlis.mastodon_api.studio.windows import Days, asked
from majlis.studio.conversions import goals, promo_codes, queries, shops

_REPORTED = _("Everything that shops, servers and the site's script reported for the page")


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """A goal. ``key`` is public and names it in the script."""

    id: Key
    name: str
    kind: str
    origins: list[str]
    key: str
    created_at: Moment
    retired_at: Moment | None


class GoalFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a goal, by currency and grade; ``goal_id`` null: what names no goal. ``credited`` came from a
    link or promo code of ours."""

    goal_id: Key | None
    orders: Figure
    credited: Figure
    cancelled: Figure
    value: Figure | None


class GoalFields(msgspec.Struct, frozen=True, kw_only=True):
    """A goal: an order or an event, told from some sites."""

    name: str
    kind: str
    origins: list[str] = []


class Origins(msgspec.Struct, frozen=True):
    """Sites from which it may be told."""

    origins: list[str]


class PromoCode(msgspec.Struct, frozen=True, kw_only=True):
    """A promo code, and its orders in the window."""

    id: Key
    code: str
    post_id: Key | None
    starts_at: Moment | None
    ends_at: Moment | None
    created_at: Moment
    orders: Figure


class PromoCodeFields(msgspec.Struct, frozen=True, kw_only=True):
    """A word that customers say or type."""

    code: str
    starts_at: When | None = None
    ends_at: When | None = None


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """A shop whose webhooks are taken at ``url``. Its secret is not in it."""

    id: Key
    kind: str
    url: str
    created_at: Moment
    last_heard_at: Moment | None
    last_refused_at: Moment | None
    last_refusal: str
    readable: bool


class ShopFields(msgspec.Struct, frozen=True, kw_only=True):
    """woocommerce or shopify; ``secret`` where the shop makes its own."""

    kind: str
    secret: str = ""


class Secret(msgspec.Struct, frozen=True):
    """Another secret; empty: a new one is made."""

    secret: str = ""


class ShopSecret(msgspec.Struct, frozen=True):
    """A shop's secret, shown this once."""

    id: Key
    secret: str


# goals ------------------------------------------------------------------------------------------------------


def _goal(view: goals.Goal) -> Goal:
    return Goal(
        id=str(view.id), name=view.name, kind=view.kind, origins=list(view.origins), key=view.key,
        created_at=moment(view.made_at), retired_at=moment(view.retired_at) if view.retired_at else None,
    )  # fmt: skip


@team(Permission.MEASURE, says=_("Goals, those in use first"), gives=list[Goal])
def index_goals(call: Call, team: OnTeam) -> list[Goal]:
    return [_goal(each) for each in goals.goals(team)]


@team(Permission.TRACK, writes=True, says=_("A new goal"), takes=GoalFields, gives=Goal, once=True)
def create_goal(call: Call, team: OnTeam, sent: GoalFields) -> Goal:
    return _goal(goals.make_goal(team, name=sent.name, kind=sent.kind, origins=sent.origins, at=call.at))


@team(Permission.TRACK, writes=True, says=_("Other sites from which a goal may be told"), takes=Origins)
def change_goal(call: Call, team: OnTeam, sent: Origins, goal_id: int) -> object:
    goals.change_goal(team, goal_id=goal_id, origins=sent.origins, at=call.at)
    return NOTHING


@team(Permission.TRACK, writes=True, says=_("Take nothing more for a goal"))
def retire_goal(call: Call, team: OnTeam, goal_id: int) -> object:
    goals.retire_goal(team, goal_id=goal_id, at=call.at)
    return NOTHING


@team(Permission.MEASURE, says=_("What came of the goals in a window"), takes=Days, gives=list[GoalFigures])
def goal_figures(call: Call, team: OnTeam, sent: Days) -> list[GoalFigures]:
    window = asked(call, team, sent)
    assert window.since is not None  # noqa: S101  # a window of days has a beginning
    found = queries.numbers(team, since=window.since, until=window.until)
    return [_goal_figures(each, window) for each in found]


def _goal_figures(view: queries.GoalNumbers, window: Window) -> GoalFigures:
    grade = Grade.REPORTED if view.by_script else Grade.EXACT
    return GoalFigures(
        goal_id=str(view.goal_id) if view.goal_id else None,
        orders=_count(view.orders, _("Orders"), _("Orders that were reported and not cancelled."), window, grade),
        credited=_count(view.credited, _("Credited"), _("Those of them that came by a link or promo code."), window, grade),
        cancelled=_count(view.cancelled, _("Cancelled"), _("Orders that were cancelled."), window, grade),
        value=figure(_money(view.value, view.currency, window, grade)) if view.currency else None,
    )  # fmt: skip


def _count(
    number: int, name: figures.Words, formula: figures.Words, window: Window, grade: Grade = Grade.EXACT
) -> Figure:
    # a business knows its own orders
    return figure(
        figures.count(
            number,
            name=name,
            window=window,
            population=_REPORTED,
            formula=formula,
            of_people=False,
            grade=grade,
        )
    )


def _money(value: Decimal, currency: str, window: Window, grade: Grade) -> figures.Figure:
    return figures.Figure(
        name=_("Revenue"), value=Decimal(value), unit=Unit.MONEY, currency=currency, window=window,
        population=_REPORTED, grade=grade, formula=_("Value of these orders after refunds."),
    )  # fmt: skip


# promo codes ------------------------------------------------------------------------------------------------


@team(
    Permission.MEASURE, says=_("Promo codes, and their orders in a window"), takes=Days, gives=list[PromoCode]
)
def index_codes(call: Call, team: OnTeam, sent: Days) -> list[PromoCode]:
    window = asked(call, team, sent)
    assert window.since is not None  # noqa: S101  # a window of days has a beginning
    found = promo_codes.promo_codes(team, since=window.since, until=window.until)
    return [
        PromoCode(
            id=str(each.id), code=each.code, post_id=str(each.post_id) if each.post_id else None,
            starts_at=moment(each.starts_at) if each.starts_at else None,
            ends_at=moment(each.ends_at) if each.ends_at else None, created_at=moment(each.made_at),
            orders=_count(
                each.orders, _("Orders"), _("Orders with this promo code that were not cancelled."), window,
                Grade.REPORTED if each.by_script else Grade.EXACT,
            ),
        )
        for each in found
    ]  # fmt: skip


@team(Permission.TRACK, writes=True, says=_("A new promo code"), takes=PromoCodeFields, gives=Made, once=True)
def create_code(call: Call, team: OnTeam, sent: PromoCodeFields) -> Made:
    made = promo_codes.make_promo_code(
        team, code=sent.code, at=call.at, starts_at=sent.starts_at, ends_at=sent.ends_at
    )
    return Made(str(made))


@team(Permission.TRACK, writes=True, says=_("End a promo code"))
def end_code(call: Call, team: OnTeam, promo_code_id: int) -> object:
    promo_codes.end_promo_code(team, promo_code_id=promo_code_id, at=call.at)
    return NOTHING


# shops ------------------------------------------------------------------------------------------------------


@team(Permission.CONNECT, says=_("Shops whose webhooks are taken, without their secrets"), gives=list[Shop])
def index_shops(call: Call, team: OnTeam) -> list[Shop]:
    return [
        Shop(
            id=str(each.id), kind=each.kind, url=each.url, created_at=moment(each.made_at),
            last_heard_at=moment(each.last_heard_at) if each.last_heard_at else None,
            last_refused_at=moment(each.last_refused_at) if each.last_refused_at else None,
            last_refusal=each.last_refusal, readable=each.readable,
        )
        for each in shops.shops(team)
    ]  # fmt: skip


@team(
    Permission.CONNECT,
    writes=True,
    says=_("Take a shop's webhooks; its secret is shown this once"),
    takes=ShopFields,
    gives=ShopSecret,
    once=True,
)
def create_shop(call: Call, team: OnTeam, sent: ShopFields) -> ShopSecret:
    made, secret = shops.make_shop(team, kind=sent.kind, at=call.at, secret=sent.secret)
    return ShopSecret(str(made), secret)


@team(
    Permission.CONNECT,
    writes=True,
    says=_("Another secret for a shop, shown this once"),
    takes=Secret,
    gives=ShopSecret,
    once=True,
)
def rotate(call: Call, team: OnTeam, sent: Secret, shop_id: int) -> ShopSecret:
    return ShopSecret(
        str(shop_id), shops.rotate_secret(team, shop_id=shop_id, at=call.at, secret=sent.secret)
    )


@team(Permission.CONNECT, writes=True, says=_("Take nothing more from a shop"))
def end_shop(call: Call, team: OnTeam, shop_id: int) -> object:
    shops.end_shop(team, shop_id=shop_id, at=call.at)
    return NOTHING


urls = [
    route("api/v1/studio/<page_id>/goals", GET=index_goals, POST=create_goal),
    route("api/v1/studio/<page_id>/goals/figures", GET=goal_figures),
    route("api/v1/studio/<page_id>/goals/<goal_id>", PUT=change_goal, DELETE=retire_goal),
    route("api/v1/studio/<page_id>/promo_codes", GET=index_codes, POST=create_code),
    route("api/v1/studio/<page_id>/promo_codes/<promo_code_id>", DELETE=end_code),
    route("api/v1/studio/<page_id>/shops", GET=index_shops, POST=create_shop),
    route("api/v1/studio/<page_id>/shops/<shop_id>", DELETE=end_shop),
    route("api/v1/studio/<page_id>/shops/<shop_id>/secret", POST=rotate),
]
