"""To whom a promotion may be shown, and how many that are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal, get_args

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.core import sql
from majlis.core.errors import BadInput
from majlis.core.json import own_reader
from majlis.posts.composing import tag_key

SQL: Final = sql.load("majlis.studio.promotion")
FEWEST: Final = 10
"""To fewer people nothing is promoted, and no smaller number is shown: it would tell who they are."""
MOST_TAGS: Final = 10
Who = Literal["everyone", "followers", "not_followers"]
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")


class Audience(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who of this house: in relation to the page, writing one of some languages (none: any), following one of
    some hashtags (none: whatever). Hashtags are kept as their keys."""

    who: Who = "everyone"
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def audience(*, who: str, languages: Iterable[str] = (), tags: str = "") -> Audience:
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
    return msgspec.convert({"who": who, "languages": chosen, "tags": keys}, Audience)


stored: Final = own_reader(Audience)
"""An audience as the database has it."""


def reach(*, page_id: int, audience: Audience) -> int:
    """How many people of this house can see a promotion for this audience, each counted once.

    Without the page's team, those who blocked or muted it, or it them, those who switched promotions or the
    measuring of themselves off. What each filters, or has on the page already, is not known beforehand.
    """
    row = sql.one(
        SQL["reach"],
        page=page_id,
        who=audience.who,
        languages=list(audience.languages),
        tags=list(audience.tags),
    )
    return int(row[0]) if row else 0


def about(number: int) -> int:
    """The number as it is shown: two digits of it, nothing below ten."""
    if number < FEWEST:
        return 0
    step: int = 10 ** max(len(str(number)) - 2, 0)
    return number // step * step
