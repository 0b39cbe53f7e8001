"""The figures of a post, each by its formula in METRICS. One place, so that no two pages compute one differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.insights.figures import Figure, Part, Unit, count, share
from majlis.insights.floor import too_few
from majlis.insights.kinds import INTERACTIONS, Kind
from majlis.insights.ledger import Exact, Ledger
from majlis.insights.windows import Window

FOLLOWERS_THEN: Final = _("Followers of the page when the post appeared who were in its audience")
MEMBERS: Final = _("Members of this server who let themselves be measured")
_REACH: Final = _("Distinct members with at least one impression")
_IMPRESSIONS: Final = _("Impressions")
_DONE: Final = _("Interactions")


class Counted(msgspec.Struct, frozen=True):
    """What the rates are made of: members, and what they did. None: it cannot be told, nor can what is made of it."""

    reach: int | None
    impressions: int
    interactions: int
    followers: int | None


def counted(exact: Exact, facts: Mapping[Kind, int], *, followers: int | None) -> Counted:
    """Those of a post. ``followers``: of the page when it appeared."""
    return Counted(
        reach=_told(exact),
        impressions=exact.followers.impressions + exact.strangers.impressions,
        interactions=interactions(facts),
        followers=followers,
    )


def _told(exact: Exact) -> int | None:
    """Followers and others reached; None where the one beside the other number would tell of one to nine."""
    people = (exact.followers.people, exact.strangers.people)
    return None if any(map(too_few, people)) and not too_few(sum(people)) and all(people) else sum(people)


def eligible(ledger: Ledger, *, window: Window) -> Figure:
    """Whom a post was for."""
    return count(
        ledger.eligible, name=_("Followers it was for"), window=window, population=FOLLOWERS_THEN,
        formula=_("Followers in the post's audience, frozen at the moment it appeared."),
    )  # fmt: skip


def seen(ledger: Ledger, *, window: Window) -> Figure:
    """How many of them saw it or did something with it."""
    return count(
        ledger.seen, name=_("Followers who saw it"), window=window, population=FOLLOWERS_THEN,
        formula=_("Followers in the states “engaged” and “viewed” of the ledger."),
    )  # fmt: skip


def seen_rate(ledger: Ledger, *, window: Window) -> Figure:
    """The same as a share of whom it was for."""
    return share(
        Part(_("Followers who saw it"), ledger.seen), Part(_("Followers it was for"), ledger.eligible),
        name=_("Share of your followers who saw it"), window=window, population=FOLLOWERS_THEN,
        formula=_("Followers in the states “engaged” and “viewed” ÷ followers it was for, paid or not."),
    )  # fmt: skip


def organic_reach_rate(exact: Exact, ledger: Ledger, *, window: Window) -> Figure:
    """METRICS: distinct followers reached unpaid ÷ followers eligible when it was published.

    Where fewer than ten saw it by promotion alone, it would tell of them beside ``seen``.
    """
    organic: int | None = exact.followers.organic
    if ledger.seen is None or (exact.followers.paid and too_few(ledger.seen - exact.followers.organic)):
        organic = None
    return share(
        Part(_("Followers reached unpaid"), organic), Part(_("Followers it was for"), ledger.eligible),
        name=_("Organic reach rate"), window=window, population=FOLLOWERS_THEN,
        formula=_("Distinct followers with at least one unpaid impression ÷ followers it was for."),
    )  # fmt: skip


def reach(of: Counted, *, window: Window) -> Figure:
    """METRICS: distinct accounts with an impression, followers or not."""
    return count(of.reach, name=_("Reach"), window=window, population=MEMBERS, formula=_REACH)


def reach_by_followers(of: Counted, *, window: Window) -> Figure:
    """METRICS: reach ÷ followers, the trade's looser form: it counts who is no follower above the line."""
    return share(
        Part(_("Reach"), of.reach), Part(_("Followers"), of.followers),
        name=_("Reach by followers"), window=window, population=MEMBERS,
        formula=_("Reach ÷ followers of the page, as others compute it: everybody reached, followers or not, paid or not."),
    )  # fmt: skip


def frequency(of: Counted, *, window: Window) -> Figure:
    """METRICS: impressions ÷ reach."""
    return share(
        Part(_IMPRESSIONS, of.impressions), Part(_("Reach"), of.reach),
        name=_("Frequency"), window=window, population=MEMBERS, formula=_("Impressions ÷ reach."), unit=Unit.TIMES,
    )  # fmt: skip


def engagement_rate(of: Counted, *, window: Window) -> Figure:
    """METRICS: interactions ÷ reach. (By impressions and by followers are other numbers.)"""
    return share(
        Part(_DONE, of.interactions), Part(_("Reach"), of.reach),
        name=_("Engagement rate by reach"), window=window, population=MEMBERS,
        formula=_("(Clicks + reactions + comments + shares + saves + link clicks of members) ÷ reach."),
    )  # fmt: skip


def engagement_by_impressions(of: Counted, *, window: Window) -> Figure:
    """METRICS: interactions ÷ impressions."""
    return share(
        Part(_DONE, of.interactions), Part(_IMPRESSIONS, of.impressions),
        name=_("Engagement rate by impressions"), window=window, population=MEMBERS,
        formula=_("(Clicks + reactions + comments + shares + saves + link clicks of members) ÷ impressions."),
    )  # fmt: skip


def engagement_by_followers(of: Counted, *, window: Window) -> Figure:
    """METRICS: interactions ÷ followers."""
    return share(
        Part(_DONE, of.interactions), Part(_("Followers"), of.followers),
        name=_("Engagement rate by followers"), window=window, population=MEMBERS,
        formula=_("(Clicks + reactions + comments + shares + saves + link clicks of members) ÷ followers of the page."),
    )  # fmt: skip


def interactions(facts: Mapping[Kind, int]) -> int:
    """How often somebody did something with it."""
    return sum(facts.get(kind, 0) for kind in INTERACTIONS)
