"""A bakery that promotes: its post, a full account, neighbours to show it to, and what they do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cast import MOMENT, Bakery, Member, member
from majlis.accounts.models import User
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core.paging import Page
from majlis.feeds.home import FeedPage, home_page
from majlis.insights.kinds import Kind, Source
from majlis.insights.recording import NewFact, record
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.studio.promotion import account, actions, slots
from majlis.studio.promotion.actions import Plan
from majlis.studio.promotion.audience import Audience
from majlis.studio.promotion.slots import Placed, Promoted

START = MOMENT - timedelta(hours=1)


def neighbours(count: int, *, language: str = "en") -> list[int]:
    """Members of the house, quickly: logins with a profile that nothing was done with. Ids of the profiles."""
    addresses = [f"neighbour_{number}@example.org" for number in range(count)]
    users = User.objects.bulk_create(
        User(email=each, joined_at=MOMENT, confirmed_at=MOMENT) for each in addresses
    )
    return [
        people.create_profile(
            user_id=user.pk,
            handle=user.email.partition("@")[0],
            kind="person",
            languages=[language],
            at=MOMENT,
        )
        for user in users
    ]


def publish(by: int, text: str = "Warm bread from six", *, at: datetime = MOMENT, **params: Any) -> int:
    """A post; its id."""
    return posts.publish(by=by, params=PostParams(text=text, **params), at=at).post_id


def fill(page: int, amount: str | Decimal = "100", *, by: int) -> Decimal:
    """Top an account up."""
    return account.top_up(page_id=page, amount=Decimal(amount), note="invoice 7", by=by, at=MOMENT)


def door(house: Bakery, who: Member | None = None, needs: Permission = Permission.PROMOTE) -> OnTeam:
    """The team door, for the advertiser."""
    return team_door(page_id=house.page.id, by=(who or house.advertiser).id, needs=needs)


def plan(post_id: int, **other: Any) -> Plan:
    """A promotion that anybody could win with."""
    return Plan(**{
        "post_id": post_id,
        "audience": Audience(),
        "budget": Decimal(10),
        "bid": Decimal("0.05"),
        "cap": 3,
        "starts_at": START,
        "ends_at": MOMENT + timedelta(days=7),
        **other,
    })  # fmt: skip


def promote(house: Bakery, post_id: int | None = None, **other: Any) -> int:
    """Start a promotion of the bakery; its id."""
    post = post_id or publish(house.page.id)
    return actions.make(team=door(house), plan=plan(post, **other), at=MOMENT)


def home(who: Member, *, at: datetime = MOMENT, limit: int = 20) -> FeedPage:
    """Her home page, as it is made without money."""
    return home_page(viewer=who.id, page=Page(limit=limit), at=at)


def shown(who: Member, *, at: datetime = MOMENT, limit: int = 20) -> Promoted:
    """What is promoted to her."""
    return slots.promoted(viewer=who.viewer, feed=home(who, at=at, limit=limit), at=at)


def seen(who: Member, placed: Sequence[Placed], *, at: datetime = MOMENT, paid: bool = True) -> int:
    """Her browser says that she saw them; how many were new."""
    facts = [
        NewFact(
            page_id=each.page_id, post_id=each.post_id, profile_id=who.id, kind=Kind.IMPRESSION,
            source=Source.HOME, paid=paid, nonce=each.offer, at=at,
        )
        for each in placed
    ]  # fmt: skip
    return record(facts, arrived_at=at)


def friend_with_posts(count: int, handle: str = "farid") -> Member:
    """Somebody who writes much, for a home feed with places in it."""
    friend = member(handle)
    for number in range(count):
        publish(friend.id, f"Number {number}", at=MOMENT - timedelta(minutes=number))
    return friend
