"""What is counted about the viewer for businesses' numbers, and the switch that ends it. An extension of ours."""

from __future__ import annotations

from typing import Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.insights import mine
from majlis.mastodon_api.described import Key, Moment, own
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.request import Call, route


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted about one for a page: posts met, views, posts one did something with, visits."""

    account_id: Key
    posts: int
    views: int
    engaged: int
    visits: int
    since: Moment | None


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one lets oneself be measured, and what came of it. ``since`` null: ever since joining."""

    measured: bool
    since: Moment | None
    pages: list[Counted]


class Switch(msgspec.Struct, frozen=True):
    """On, or off: that erases what was counted. Nothing sent: as it is."""

    measured: bool | None = None


def _state(call: Call) -> Measured:
    found = mine.measured(profile_id=call.me)
    return Measured(
        measured=found.measured,
        since=moment(found.since) if found.since else None,
        pages=[
            Counted(
                account_id=str(each.page_id), posts=each.posts, views=each.views, engaged=each.engaged,
                visits=each.visits, since=moment(each.since) if each.since else None,
            )
            for each in found.pages
        ],
    )  # fmt: skip


@own("read:accounts", says=_("What is counted about you, page by page"), gives=Measured)
def show(call: Call) -> Measured:
    return _state(call)


@own(
    "write:accounts",
    writes=True,
    says=_("Let yourself be measured, or not: that erases what was counted"),
    takes=Switch,
    gives=Measured,
)
def switch(call: Call, sent: Switch) -> Measured:
    if sent.measured is not None:
        turn = mine.switch_on if sent.measured else mine.switch_off
        turn(by=call.me, at=call.at)
    return _state(call)


urls: Final = [route("api/v1/majlis/measured", GET=show, POST=switch)]
