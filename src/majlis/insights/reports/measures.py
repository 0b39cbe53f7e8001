"""The figures of a post, each by its formula in METRICS. One place, so that no two pages compute one differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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


def reach(exact: Exact, *, window: Window) -> Figure:
    """METRICS: distinct accounts with an impression, followers or not; None where either group is too small."""
    people = (exact.followers.people, exact.strangers.people)
    number = None if any(map(too_few, people)) and not too_few(sum(people)) and all(people) else sum(people)
    return count(number, name=_("Reach"), window=window, population=MEMBERS, formula=_REACH)


def engagement_rate(exact: Exact, facts: Mapping[Kind, int], *, window: Window) -> Figure:
    """METRICS: interactions ÷ reach. (By impressions and by followers are other numbers.)"""
    return share(
        Part(_("Interactions"), interactions(facts)), Part(_("Reach"), exact.followers.people + exact.strangers.people),
        name=_("Engagement rate by reach"), window=window, population=MEMBERS,
        formula=_("(Clicks + reactions + comments + shares + saves + link clicks of members) ÷ reach."),
    )  # fmt: skip


def frequency(exact: Exact, *, window: Window) -> Figure:
    """METRICS: impressions ÷ reach."""
    return share(
        Part(_IMPRESSIONS, exact.followers.impressions + exact.strangers.impressions),
        Part(_("Reach"), exact.followers.people + exact.strangers.people),
        name=_("Frequency"), window=window, population=MEMBERS, formula=_("Impressions ÷ reach."), unit=Unit.TIMES,
    )  # fmt: skip


def interactions(facts: Mapping[Kind, int]) -> int:
    """How often somebody did something with it."""
    return sum(facts.get(kind, 0) for kind in INTERACTIONS)
