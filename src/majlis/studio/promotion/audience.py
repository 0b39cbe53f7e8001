"""To whom a promotion may be shown, and how many that are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal, get_args

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.core import sql
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotThere
from majlis.core.json import own_reader
from majlis.posts.composing import tag_key
from majlis.studio.customers import segments

SQL: Final = sql.load("majlis.studio.promotion")
FEWEST: Final = 10
"""To fewer people nothing is promoted, and no smaller number is shown: it would tell who they are."""
MOST_TAGS: Final = 10
Who = Literal["everyone", "followers", "not_followers"]
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")


class Audience(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who of this house: in relation to the page, writing one of some languages (none: any), following one of
    some hashtags (none: whatever). Hashtags are kept as their keys. ``segment``: a group of the page's customers; of
    these only members who allowed the page to know them, and nobody where they are fewer than ten."""

    who: Who = "everyone"
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    segment: int = 0


def audience(*, who: str, languages: Iterable[str] = (), tags: str = "", segment: int = 0) -> Audience:
    """What a form or a request says.

    Raises:
        BadInput: one of it is no choice, or there are too many hashtags.
    """
    chosen = tuple(sorted(set(languages)))
    if who not in get_args(Who) or any(not _LANGUAGE.fullmatch(code) for code in chosen):
        raise BadInput(_("There is no such choice."), field="who", cause=f"{who} {chosen}"[:80])
    keys = tuple(dict.fromkeys(filter(None, map(tag_key, re.split(r"[\s,،]+", tags[:2_000])))))
    if len(keys) > MOST_TAGS:
        raise BadInput(_("Ten hashtags at the most."), field="tags")
    return msgspec.convert({"who": who, "languages": chosen, "tags": keys, "segment": segment}, Audience)


stored: Final = own_reader(Audience)
"""An audience as the database has it."""


def reach(*, page_id: int, audience: Audience, at: datetime | None = None) -> int:
    """How many people of this house can see a promotion for this audience, each counted once.

    Without the page's team, those who blocked or muted it, or it them, those who switched promotions or the
    measuring of themselves off. What each filters, or has on the page already, is not known beforehand. Of a group
    of customers only whole tens are told: the page knows who joined, and one more or less would tell of her settings.

    Raises:
        NotThere: the page has no such group of customers.
    """
    members = _members(page_id, audience.segment, at or now()) if audience.segment else None
    row = sql.one(
        SQL["reach"],
        page=page_id,
        who=audience.who,
        languages=list(audience.languages),
        tags=list(audience.tags),
        members=members,
    )
    found = int(row[0]) if row else 0
    return found if members is None else found // FEWEST * FEWEST


def _members(page_id: int, segment: int, at: datetime) -> list[int]:
    return segments.joined(page_id, segments.segment(page_id, segment).rule, at=at)


def in_group(*, page_id: int, segment: int, member: int, at: datetime) -> bool:
    """Whether a member belongs to a group that a promotion is for: not when it is gone, or is of fewer than ten."""
    try:
        members = _members(page_id, segment, at)
    except NotThere:
        return False
    return len(members) >= FEWEST and member in members


def about(number: int) -> int:
    """The number as it is shown: two digits of it, nothing below ten."""
    if number < FEWEST:
        return 0
    step: int = 10 ** max(len(str(number)) - 2, 0)
    return number // step * step
