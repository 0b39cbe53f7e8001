"""Authority with its parts, loyalty, and growth with its reasons."""

from __future__ import annotations

from typing import Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.ids import lowest_id_at
from majlis.insights import floor
from majlis.insights.figures import Figure, Part, count, share
from majlis.insights.kinds import INTERACTIONS
from majlis.insights.methods.authority import Aspect, Authority, Measured, authority
from majlis.insights.reports.growth import FOLLOWERS
from majlis.insights.reports.measures import MEMBERS
from majlis.insights.windows import Window
from majlis.studio.voice import saying
from majlis.studio.voice.statements import SQL
from majlis.studio.voice.telling import Voices

NAMES: Final = {
    Aspect.PEOPLE_TALKING: _("People who speak of you"),
    Aspect.SHARE_OF_VOICE: _("Share of voice"),
    Aspect.NET_SENTIMENT: _("Net sentiment"),
    Aspect.FOLLOWER_QUALITY: _("Followers who see you"),
    Aspect.BRANDED_VISITS: _("Visits to your profile"),
    Aspect.INBOUND_LINKS: _("People who link to your site"),
    Aspect.SURVEY_RECALL: _("Recall in your survey"),
}
HOW: Final = {
    Aspect.PEOPLE_TALKING: _(
        "Distinct people with a public post about you, beside the rival most spoken of."
    ),
    Aspect.SHARE_OF_VOICE: _("Mentions of you ÷ mentions of you and your rivals."),
    Aspect.NET_SENTIMENT: _("(Positive − negative) ÷ all texts about you."),
    Aspect.FOLLOWER_QUALITY: _(
        "Measured followers whom a post of yours reached in the window ÷ measured followers."
    ),
    Aspect.BRANDED_VISITS: _("Members who opened your profile, beside the window before."),
    Aspect.INBOUND_LINKS: _(
        "People whose public posts link to your verified domain, beside the window before."
    ),
    Aspect.SURVEY_RECALL: _("People who named you unaided ÷ people asked, as your team wrote it down."),
}


class Reason(msgspec.Struct, frozen=True):
    """Followers whom a post brought; ``post_id`` None: no post of the page was viewed in the week before. ``count``
    None: it would tell of one to nine people."""

    post_id: int | None
    beginning: str
    count: int | None


class Loyalty(msgspec.Struct, frozen=True):
    """Who comes back: to do something with posts, to buy."""

    engaged: Figure
    bought: Figure


class Growth(msgspec.Struct, frozen=True):
    """New followers and what brought them, the largest groups first; hidden groups have no line of their own."""

    begun: Figure
    reasons: tuple[Reason, ...]
    hidden: int


def standing(team: OnTeam, found: Voices) -> Authority:
    """How much weight the page's name has: known parts between 0 and 1, never without them. Five queries.

    A part that would tell of one to nine people counts as not known.
    """
    team.require(Permission.MEASURE)
    window = found.window
    if window.since is None:
        raise ValueError("a window without beginning")
    own, *others = found.spoken
    before = Window(window.since - (window.until - window.since), window.since)
    recall = saying.recall(team)
    all_, reached = sql.rows(SQL["quality"], page=team.page_id, since=window.since)[0]
    known: dict[Aspect, Measured | None] = {
        Aspect.PEOPLE_TALKING: _counted(own.people, max((each.people for each in others), default=0)),
        Aspect.SHARE_OF_VOICE: None if found.sov.share is None or not others else Measured(found.sov.share),
        Aspect.NET_SENTIMENT: None if own.net is None else Measured(own.net),
        Aspect.FOLLOWER_QUALITY: None if _few(all_, reached) else Measured(reached / all_),
        Aspect.BRANDED_VISITS: _counted(_visits(team, window), _visits(team, before)),
        Aspect.INBOUND_LINKS: _counted(_inbound(team, window), _inbound(team, before) or 0),
        Aspect.SURVEY_RECALL: Measured(recall.recalled / recall.asked) if recall else None,
    }
    return authority(known)


def _few(whole: int, part: int) -> bool:
    return not whole or floor.too_few(whole) or floor.too_few(part) or floor.too_few(whole - part)


def _counted(value: int | None, largest: int | None) -> Measured | None:
    if value is None or floor.too_few(value):
        return None
    return Measured(value, 0 if largest is None or floor.too_few(largest) else largest)


def _visits(team: OnTeam, window: Window) -> int:
    return int(sql.column(SQL["visits"], page=team.page_id, since=window.since, until=window.until)[0])


def _inbound(team: OnTeam, window: Window) -> int | None:
    found: int | None = sql.column(
        SQL["inbound"], page=team.page_id, since=window.since, until=window.until, viewer=None,
        first=lowest_id_at(window.since) if window.since else 0,
    )[0]  # fmt: skip
    return found


def loyalty(team: OnTeam, *, window: Window) -> Loyalty:
    """Repeat engagement and repeat purchase. Two queries."""
    team.require(Permission.MEASURE)
    period = {"page": team.page_id, "since": window.since, "until": window.until}
    kinds = sorted(int(kind) for kind in INTERACTIONS)
    engaged = sql.rows(SQL["engaged_again"], kinds=kinds, zone=team.time_zone, **period)[0]
    bought = sql.rows(SQL["bought_again"], **period)[0]
    return Loyalty(
        engaged=share(
            Part(_("On two days or more"), engaged[1]), Part(_("Members who did something"), engaged[0]),
            name=_("Repeat engagement"), window=window, population=MEMBERS,
            formula=_("Members who did something with your posts on two days or more ÷ members who did at all."),
        ),
        bought=share(
            Part(_("Bought again"), bought[1]), Part(_("Customers"), bought[0]), name=_("Repeat purchase"),
            window=window, population=_("Customers whom your shop names, with an order in the window"), known_part=True,
            formula=_("Customers with an order before, or two in the window ÷ customers with an order."),
        ),
    )  # fmt: skip


def growth(team: OnTeam, *, window: Window) -> Growth:
    """Which post brought whom: each new follower counts for the post of the page that she viewed last in the seven days
    before she followed. Two queries.

    What came before is no proof of what it caused; the page says so. Groups under ten are not told, nor is what would
    tell them.
    """
    team.require(Permission.MEASURE)
    rows = sql.rows(SQL["brought"], page=team.page_id, since=window.since, until=window.until)
    counts: dict[int | None, int] = {row[0]: row[1] for row in rows}
    shown = floor.shown(counts)
    told = [(post, number) for post, number in shown.items() if number is not None]
    named = {row[0]: row[1] or " ".join(row[2].split()) for row in sql.rows(
        SQL["beginnings"], posts=[post for post, _number in told if post is not None])}  # fmt: skip
    return Growth(
        begun=count(
            floor.total(counts), name=_("New followers"), window=window, population=FOLLOWERS,
            formula=_("Follows that began in the window."),
        ),
        reasons=tuple(Reason(post, named.get(post, "") if post else "", number) for post, number in told),
        hidden=len(shown) - len(told),
    )  # fmt: skip
