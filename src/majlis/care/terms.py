"""What a page promises to those who write to it: how soon, at which hours, and who hears of it when it is late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from majlis.brands.hours import OpeningHours, restored
from majlis.care.clocks import Targets
from majlis.care.statements import SQL
from majlis.core import json, sql

_HOUR: Final = 3_600
USUAL: Final = (
    Targets(first=_HOUR // 2, next=_HOUR, resolution=8 * _HOUR),
    Targets(first=_HOUR, next=2 * _HOUR, resolution=16 * _HOUR),
    Targets(first=4 * _HOUR, next=8 * _HOUR, resolution=40 * _HOUR),
    Targets(first=8 * _HOUR, next=16 * _HOUR, resolution=80 * _HOUR),
)
"""What a page promises that has said nothing, by priority from urgent to low: seconds of business time."""
ALWAYS: Final = "always"
PAGE: Final = "page"
OWN: Final = "own"
CLOCKS: Final = (PAGE, ALWAYS, OWN)
_targets: Final = json.own_reader(list[Targets])
_mapping: Final = json.own_reader(dict[str, Any])
_list: Final = json.own_reader(list[dict[str, Any]])


class Automatic(msgspec.Struct, frozen=True):
    """What is answered by itself: ``when`` never, closed (outside the hours) or always; in Arabic and English."""

    when: str = "never"
    ar: str = ""
    en: str = ""


class PageTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of a page. ``targets`` by priority; ``hours`` None is around the clock: so it is, too, where the page
    does not tell when it is open. ``own_hours`` are those that were given for care, whether or not they are used."""

    targets: tuple[Targets, ...] = USUAL
    clock: str = PAGE
    hours: OpeningHours | None = None
    own_hours: OpeningHours = OpeningHours()
    warn_share: float = 0.75
    escalate_to: int | None = None
    assign: str = "nobody"
    automatic: Automatic = Automatic()
    ask_csat: bool = True
    show_badge: bool = True
    said: bool = False


def terms_of(page_id: int) -> PageTerms:
    """What a page promises; the usual where it said nothing. One query."""
    row = sql.one(SQL["terms"], page=page_id)
    if row is None:
        return PageTerms()
    (
        targets,
        clock,
        own,
        own_dates,
        warn,
        escalate,
        assign,
        automatic,
        csat,
        badge,
        hours,
        dates,
        zone,
        said,
    ) = row
    open_ = restored(_mapping(hours), _list(dates), zone)
    if not said:
        return PageTerms(hours=open_ if open_.told else None)
    kept = restored(_mapping(own), _list(own_dates), zone)
    used: Mapping[str, OpeningHours | None] = {ALWAYS: None, OWN: kept, PAGE: open_}
    chosen = used[clock]
    return PageTerms(
        targets=tuple(_targets(targets)) or USUAL, clock=clock, hours=chosen if chosen and chosen.told else None,
        own_hours=kept, warn_share=warn, escalate_to=escalate, assign=assign,
        automatic=msgspec.convert(_mapping(automatic), Automatic), ask_csat=csat, show_badge=badge, said=True,
    )  # fmt: skip
