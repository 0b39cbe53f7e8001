"""A page with followers and posts that were seen and not seen, in days before a moment: something to look at.

Everything goes through the doors by which it comes in a running house; only followers are made in bulk.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cast import Bakery, bakery
from majlis.core.ids import new_id
from majlis.insights import members
from majlis.insights.kinds import Kind, Source, State
from majlis.insights.models import Following, Member
from majlis.insights.recording import NewFact, record
from majlis.insights.states import Noted, note
from majlis.people.models import Profile
from majlis.posts import actions
from majlis.posts.composing import PostParams

TEXTS = (
    "Za'atar bread, still warm. Until noon, or until it is gone.",
    "خبز الطابون اليوم من الساعة السابعة، مع زيتون نصف كيلو هدية لأول عشرين زبوناً.",
    "We are looking for somebody who gets up early and likes people.",
    "كعك بالسمسم كما كانت تخبزه جدتي.",
)


@dataclass
class Town:
    """The bakery, its followers' profiles and its posts, oldest first."""

    bakery: Bakery
    followers: list[int]
    posts: list[int]
    served: set[int] = field(default_factory=set)
    viewed: set[int] = field(default_factory=set)


def followers(page: int, many: int, *, at: datetime, outside: int = 0) -> list[int]:
    """Members who follow the page, one after another over forty days before ``at``."""
    languages = ["ar", "ar", "ar", "en", "en", "fr"]
    profiles = Profile.objects.bulk_create(
        Profile(
            handle=f"f{number}", skeleton=f"f{number}", display_name=f"Follower {number}", made_at=at,
            languages=[languages[number % 6]], domain="elsewhere.example" if number >= many - outside else "",
        )
        for number in range(many)
    )  # fmt: skip
    ids = [profile.id for profile in profiles]
    members.ensure(ids)
    # measured since long ago: what they do about older posts counts
    Member.objects.filter(profile_id__in=ids).update(measured_since=at - timedelta(days=400))
    pseudonyms = dict(Member.objects.filter(profile_id__in=ids).values_list("profile_id", "pseudonym"))
    Following.objects.bulk_create(
        Following(
            id=new_id(), page_id=page, viewer=pseudonyms[id_], outside=number >= many - outside,
            since=at - timedelta(days=40 - 36 * number / many),
        )
        for number, id_ in enumerate(ids)
    )  # fmt: skip
    return ids


def publish(page: int, text: str, *, at: datetime) -> int:
    """A post of the page."""
    return actions.publish(by=page, params=PostParams(text=text), at=at).post_id


def saw(page: int, post: int, people: list[int], kind: Kind, *, first: datetime, at: datetime,
        source: Source = Source.HOME, paid: bool = False, every: int = 7) -> None:  # fmt: skip
    """Each of them did it once, the first at a moment, the others minutes after one another."""
    record(
        [
            NewFact(page_id=page, post_id=post, profile_id=who, kind=kind, source=source, paid=paid,
                    nonce=post % 10**9 + who % 10**6, at=min(first + timedelta(minutes=every * number), at))
            for number, who in enumerate(people)
        ],
        arrived_at=at,
    )  # fmt: skip


def town(*, at: datetime, many: int = 140, posts: int = 6, outside: int = 12) -> Town:
    """A month of a bakery."""
    chance = random.Random(7)
    made = bakery()
    page = made.page.id
    people = followers(page, many, at=at, outside=outside)
    here, never = people[: many - outside - 24], people[many - outside - 24 : many - outside]
    ids: list[int] = []
    found = Town(made, people, ids)
    for number in range(posts):
        appeared = at - timedelta(days=2 * (posts - number), hours=3 + number)
        post = publish(page, TEXTS[number % len(TEXTS)], at=appeared)
        chance.shuffle(here)
        served, viewed, engaged = here[:74] + never[:16], here[: 45 + 4 * number], here[: 12 + number]
        saw(page, post, served, Kind.SERVED, first=appeared, at=at, every=2)
        saw(page, post, viewed[10:], Kind.IMPRESSION, first=appeared + timedelta(minutes=2), at=at)
        saw(
            page,
            post,
            viewed[:10],
            Kind.IMPRESSION,
            first=appeared + timedelta(hours=1),
            at=at,
            source=Source.TAG,
        )
        saw(page, post, engaged, Kind.REACTION, first=appeared + timedelta(minutes=9), at=at)
        note([Noted(who, post, State.MUTED) for who in here[74:77]])
        note([Noted(who, post, State.NOT_SO_FAR) for who in here[77:92]])
        ids.append(post)
        found.served.update(served)
        found.viewed.update(viewed)
    found.posts = ids
    return found
